package io.perpetua.risk.app;

/** How current the marks are that an account's figures hang on. */
public enum Valuation {
    /** All are recent enough to be acted on. */
    LIVE,

    /** At least one is too old to be acted on; figures are at the last marks known. */
    STALE,

    /** At least one was never seen; figures that hang on it are null. */
    UNAVAILABLE
}
