package io.perpetua.accounts.domain.approval;

import io.perpetua.accounts.domain.admin.AdminPermission;

/** What takes two administrators. */
public enum ApprovalKind {
    /** A subaccount is credited or debited by hand, see {@link Adjustment}. */
    ADJUSTMENT,
    /** An administrator is made, see {@link AdminChange}. */
    ADMIN_MAKING,
    /** An administrator gets a role that may do more. */
    ADMIN_PROMOTION,
    /** An administrator's secrets are void, and they enrol anew. */
    ADMIN_RESET;

    /** What an administrator needs to ask for it. */
    public AdminPermission neededToAsk() {
        return switch (this) {
            case ADJUSTMENT -> AdminPermission.REQUEST_ADJUSTMENTS;
            case ADMIN_MAKING, ADMIN_PROMOTION, ADMIN_RESET -> AdminPermission.MANAGE_ADMINS;
        };
    }

    /**
     * Whether the operator may be the second pair of eyes, where there is no other: a platform
     * begins with one administrator.
     */
    public boolean isOpenToTheOperator() {
        return this != ADJUSTMENT;
    }
}
