package io.perpetua.accounts.persistence;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Subaccounts. */
@ApplicationScoped
public class SubaccountRows implements PanacheRepositoryBase<SubaccountRow, Long> {
    /** A user's subaccounts, by number. */
    public List<SubaccountRow> of(long userId) {
        return list("userId = ?1 order by number", userId);
    }
}
