package io.perpetua.accounts.persistence;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Users. */
@ApplicationScoped
public class UserRows implements PanacheRepositoryBase<UserRow, Long> {}
