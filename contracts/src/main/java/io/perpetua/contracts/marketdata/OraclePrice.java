package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The index price of a market with its confidence (one standard deviation, in price units of 1e-8).
 *
 * @param source the one whose price it is
 * @param publishedAtMillis when the source published it
 * @param slot of the chain that the source publishes on; null when it has none
 * @param fault why it is not valid; null when it is
 * @param twapFiveMinutes its average over five minutes, weighted by time; null before there is one
 * @param twapHour the same over an hour
 * @param sources what each source of the market had to say
 */
public record OraclePrice(
        MarketId market,
        long sequence,
        Price price,
        Quantity confidence,
        String source,
        long publishedAtMillis,
        @Nullable Long slot,
        @Nullable PriceFault fault,
        @Nullable Price twapFiveMinutes,
        @Nullable Price twapHour,
        @Nullable List<SourcePrice> sources) {
    /** Whether {@code use} may rely on it, as long as it is not stale. */
    public boolean permits(PriceUse use) {
        return fault == null || fault.permits(use);
    }
}
