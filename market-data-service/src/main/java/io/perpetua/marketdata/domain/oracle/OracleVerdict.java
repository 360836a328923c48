package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Price;

/** Whether a sample is believed. */
public sealed interface OracleVerdict {
    /** It is: the index is this. */
    record Believed(Price price, long confidenceUnits) implements OracleVerdict {}

    /** It is not, for this reason. */
    record Rejected(OracleRejection reason) implements OracleVerdict {}
}
