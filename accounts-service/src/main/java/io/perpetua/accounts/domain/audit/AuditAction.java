package io.perpetua.accounts.domain.audit;

/** What the audit log records, in the past tense; a constant once used keeps its name for ever. */
public enum AuditAction {
    /** An administrator was made. */
    ADMIN_MADE,
    /** An administrator's roles, permissions, state or secrets were changed. */
    ADMIN_CHANGED,
    /** An administrator was removed. */
    ADMIN_REMOVED,
    /** An administrator signed in. */
    ADMIN_SIGNED_IN,
    /** Somebody did not prove to be the administrator they named. */
    ADMIN_SIGN_IN_REFUSED,
    /** A further wallet signs the user in. */
    WALLET_LINKED,
    /** A wallet does not sign the user in any more. */
    WALLET_UNLINKED,
    /** A refresh token came back that was used up; its sign-in was ended. */
    REFRESH_TOKEN_REUSED,
    /** A user added a Hypercore subaccount with its private key. */
    HYPERCORE_SUBACCOUNT_ADDED,
    /** A Hypercore subaccount was switched on or off. */
    HYPERCORE_SUBACCOUNT_CHANGED,
    /** The private key of a Hypercore subaccount was shown to its owner. */
    HYPERCORE_CREDENTIALS_SHOWN,
    /** A user added a key of another exchange. */
    EXCHANGE_KEY_ADDED,
    /** A key of another exchange was renamed, or switched on or off. */
    EXCHANGE_KEY_CHANGED,
    /** A key of another exchange was removed, its secrets with it. */
    EXCHANGE_KEY_REMOVED,
    /** A payload was signed with a key of another exchange. */
    EXCHANGE_KEY_USED,
    /** A user let a key act for them. */
    AGENT_REGISTERED,
    /** An agent was removed, for ever. */
    AGENT_REMOVED,
    /** A user added an address to withdraw to. */
    WITHDRAWAL_ADDRESS_ADDED,
    /** A user removed an address to withdraw to. */
    WITHDRAWAL_ADDRESS_REMOVED,
    /** A user asked for a withdrawal that no rule forbids. */
    WITHDRAWAL_REQUESTED,
    /** A user called a withdrawal off. */
    WITHDRAWAL_CANCELLED,
    /** A user gave, changed or took back their e-mail address, which the entry does not name. */
    USER_EMAIL_CHANGED,
    /** The audit log was taken out, a part at a time. */
    AUDIT_EXPORTED,
    /** What is decided about a user was changed. */
    USER_CHANGED,
    /** An administrator asked for what takes two. */
    APPROVAL_REQUESTED,
    /** Another administrator approved it. */
    APPROVAL_GRANTED,
    /** Another administrator rejected it. */
    APPROVAL_REJECTED,
    /** What was approved has taken effect, or was refused by whoever had to carry it out. */
    APPROVAL_CONCLUDED,
    /** An administrator had the ledger compared with risk. */
    RECONCILIATION_STARTED,
    /** A user was suspended, or the suspension lifted. */
    USER_SUSPENSION_CHANGED,
    /** A user asked to be deactivated or deleted. */
    USER_CLOSING_ASKED,
    /** A user is deactivated, or back. */
    USER_PRESENCE_CHANGED,
    /** A user was deleted. */
    USER_DELETED,
    /** An administrator decided to list a market; market-data-service reports it. */
    MARKET_LISTED,
    /** An administrator decided on a market's next version; market-data-service reports it. */
    MARKET_CHANGED,
    /** An administrator set a market's funding rate by hand; market-data-service reports it. */
    MARKET_FUNDING_SET,
    /** An administrator took such a rate back; market-data-service reports it. */
    MARKET_FUNDING_TAKEN_BACK,
    /** An administrator asked for a change of a market that takes two; so reported too. */
    MARKET_APPROVAL_REQUESTED,
    /** Another administrator approved it; what it changed follows in an entry of its own. */
    MARKET_APPROVAL_GRANTED,
    /** Another administrator rejected it. */
    MARKET_APPROVAL_REJECTED,
    /** Nobody decided in time. */
    MARKET_APPROVAL_EXPIRED,
    /** An administrator imported recorded minutes of a market; market-data-service reports it. */
    MARKET_IMPORT_ADDED,
    /** An administrator deleted some of what was imported; market-data-service reports it. */
    MARKET_IMPORT_DELETED
}
