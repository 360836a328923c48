package io.perpetua.contracts.marketdata;

/** How far a request for what takes two administrators has come; it never goes back. */
public enum MarketApprovalState {
    /** Another administrator is to decide. */
    OPEN,

    /** Another administrator approved it, and it is done. */
    APPROVED,

    /** Another administrator turned it down. */
    REJECTED,

    /** Nobody decided in time. */
    EXPIRED
}
