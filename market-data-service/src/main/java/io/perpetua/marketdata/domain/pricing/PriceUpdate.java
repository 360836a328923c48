package io.perpetua.marketdata.domain.pricing;

import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import org.jspecify.annotations.Nullable;

/** What one update of a market's prices brought. */
public sealed interface PriceUpdate {
    /**
     * New prices, of one sequence, both with the same fault or none; and the rate of a funding
     * interval that has ended.
     */
    record Priced(OraclePrice oracle, MarkPrice mark, @Nullable FundingRateSet funding)
            implements PriceUpdate {}

    /** None: the index is not valid, and this process knows none that was. */
    record Withheld(PriceFault fault) implements PriceUpdate {}

    /** None yet: nothing that can't wait for the next one. */
    record Unremarkable() implements PriceUpdate {}

    /** None: no source has said anything yet. */
    record Unsampled() implements PriceUpdate {}
}
