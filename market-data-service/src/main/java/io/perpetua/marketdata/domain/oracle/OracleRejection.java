package io.perpetua.marketdata.domain.oracle;

/** Why a sample was not believed; the first that applies is named. */
public enum OracleRejection {
    /** The price is zero or below. */
    NON_POSITIVE,
    /** The confidence is above 2 % of the price. */
    UNCERTAIN,
    /** The sample is older than the market's staleness limit. */
    STALE,
    /** The price is further from the last one than an update may move it, and not yet confirmed. */
    JUMP_UNCONFIRMED
}
