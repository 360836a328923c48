package io.perpetua.marketdata.domain.pricing;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.marketdata.domain.oracle.OracleRejection;

/** What one update of a market's prices brought. */
public sealed interface PriceUpdate {
    /** New prices, of one sequence. */
    record Priced(OraclePrice oracle, MarkPrice mark) implements PriceUpdate {}

    /** None: the sample was not believed. */
    record Withheld(OracleRejection reason) implements PriceUpdate {}

    /** None: no source had a sample. */
    record Unsampled() implements PriceUpdate {}
}
