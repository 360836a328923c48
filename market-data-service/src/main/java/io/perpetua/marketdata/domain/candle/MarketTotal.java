package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What has traded in a market since it began. Sums over all time have no bound that a long would
 * hold, so they are big integers: volume in units of 1e-8, its value in micro-dollars.
 */
public record MarketTotal(
        MarketId market,
        long trades,
        BigInteger volumeUnits,
        BigInteger volumeUsdMicros,
        Quantity openInterest,
        Price last,
        long lastAtMillis) {
    /** {@code before}, if there was anything, and what a batch added. */
    public static MarketTotal sum(@Nullable MarketTotal before, MarketFold added) {
        return new MarketTotal(
                added.market(),
                added.trades() + (before == null ? 0 : before.trades),
                added.volumeUnits().add(before == null ? BigInteger.ZERO : before.volumeUnits),
                added.volumeUsdMicros()
                        .add(before == null ? BigInteger.ZERO : before.volumeUsdMicros),
                added.openInterest(),
                added.last(),
                added.lastAtMillis());
    }
}
