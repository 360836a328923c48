package io.perpetua.accounts.domain.admin;

import java.util.Set;

/** What an administrator is there for, and so may do. */
public enum AdminRole {
    /** Looks after users. */
    ADMIN,
    /** Looks after risk. */
    RISK_MANAGER,
    /** May do everything; there is always one. */
    SUPER_ADMIN;

    /** All that it may do. */
    public Set<AdminPermission> permissions() {
        return switch (this) {
            case ADMIN ->
                    Set.of(
                            AdminPermission.USE_OWN_ACCOUNT,
                            AdminPermission.READ_USERS,
                            AdminPermission.CHANGE_KYC,
                            AdminPermission.READ_AUDIT,
                            AdminPermission.READ_LEDGER,
                            AdminPermission.READ_APPROVALS,
                            AdminPermission.REQUEST_ADJUSTMENTS,
                            AdminPermission.SUSPEND_USERS);
            case RISK_MANAGER ->
                    Set.of(
                            AdminPermission.USE_OWN_ACCOUNT,
                            AdminPermission.READ_USERS,
                            AdminPermission.CHANGE_RISK,
                            AdminPermission.CHANGE_MARKETS,
                            AdminPermission.READ_LEDGER,
                            AdminPermission.RECONCILE_LEDGER,
                            AdminPermission.READ_APPROVALS,
                            AdminPermission.DECIDE_APPROVALS,
                            AdminPermission.SUSPEND_USERS);
            case SUPER_ADMIN -> Set.of(AdminPermission.values());
        };
    }

    /** Whether it may do something that the other may not. */
    public boolean mayMoreThan(AdminRole other) {
        return !other.permissions().containsAll(permissions());
    }

    /** Whether the role may do it. */
    public boolean may(AdminPermission permission) {
        return permissions().contains(permission);
    }
}
