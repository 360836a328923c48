package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.marketdata.PriceFault;

/** How far an index is believed. */
public sealed interface OracleVerdict {
    /** It is valid. */
    record Believed(OracleSample index) implements OracleVerdict {}

    /** It is not, but it stands for itself where the fault is tolerated. */
    record Tolerated(OracleSample index, PriceFault fault) implements OracleVerdict {}

    /** It is not: the last that was valid stands in. */
    record Rejected(PriceFault fault) implements OracleVerdict {}
}
