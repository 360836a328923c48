package io.perpetua.contracts.marketdata;

/** Where a funding rate comes from. */
public enum FundingKind {
    /** From the premium of an interval, at its end. */
    AUTOMATIC,

    /** From an administrator. */
    MANUAL,

    /** From an administrator, in an emergency. */
    EMERGENCY
}
