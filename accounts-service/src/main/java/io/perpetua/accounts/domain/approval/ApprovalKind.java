package io.perpetua.accounts.domain.approval;

import io.perpetua.accounts.domain.admin.AdminPermission;

/** What takes two administrators. */
public enum ApprovalKind {
    /** A subaccount is credited or debited by hand, see {@link Adjustment}. */
    ADJUSTMENT;

    /** What an administrator needs to ask for it. */
    public AdminPermission neededToAsk() {
        return switch (this) {
            case ADJUSTMENT -> AdminPermission.REQUEST_ADJUSTMENTS;
        };
    }
}
