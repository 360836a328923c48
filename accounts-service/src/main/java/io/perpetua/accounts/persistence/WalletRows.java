package io.perpetua.accounts.persistence;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Wallets by address. */
@ApplicationScoped
public class WalletRows implements PanacheRepositoryBase<WalletRow, String> {
    /** A user's wallets, the first linked first. */
    public List<WalletRow> of(long userId) {
        return list("userId = ?1 order by linkedAt, address", userId);
    }
}
