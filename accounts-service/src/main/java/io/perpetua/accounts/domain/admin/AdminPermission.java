package io.perpetua.accounts.domain.admin;

/** What an administrator may do; every endpoint for administrators names the one it needs. */
public enum AdminPermission {
    /** See and change one's own account. */
    USE_OWN_ACCOUNT,
    /** See users with their balances. */
    READ_USERS,
    /** Decide on who a user is said to be. */
    CHANGE_KYC,
    /** Change the risk level and the trading tier of users. */
    CHANGE_RISK,
    /** Suspend users, and lift suspensions. */
    SUSPEND_USERS,
    /** List markets and change their rules, at market-data-service. */
    CHANGE_MARKETS,
    /** See the audit log, and have it verified. */
    READ_AUDIT,
    /** Take the audit log out as a whole. */
    EXPORT_AUDIT,
    /** See the ledger added up, and what its comparisons with risk found. */
    READ_LEDGER,
    /** Have the ledger compared with risk. */
    RECONCILE_LEDGER,
    /** See what waits for a second administrator, and what became of it. */
    READ_APPROVALS,
    /** Ask for adjustments of users' balances. */
    REQUEST_ADJUSTMENTS,
    /** Approve or reject what another administrator has asked for. */
    DECIDE_APPROVALS,
    /** See, make and change administrators. */
    MANAGE_ADMINS
}
