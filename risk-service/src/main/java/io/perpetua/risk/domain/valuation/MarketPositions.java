package io.perpetua.risk.domain.valuation;

import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * All positions of a market added up.
 *
 * @param longSize of the long ones
 * @param shortSize of the short ones, positive
 * @param cost of all, signed like the sides
 * @param positions how many there are
 * @param traders how many users have one
 * @param leverages the sum of their leverages
 */
public record MarketPositions(
        MarketId market,
        Quantity longSize,
        Quantity shortSize,
        Usd cost,
        long positions,
        long traders,
        long leverages) {
    private static final long NANOS_PER_ONE = 1_000_000_000L;

    /** What they are worth at {@code mark}, which may be unknown. */
    public MarketValuation at(@Nullable Price mark, long nowMillis) {
        return new MarketValuation(
                market,
                longSize,
                shortSize,
                worth(mark, longSize),
                worth(mark, shortSize),
                traders,
                positions == 0
                        ? null
                        : new Rate(
                                Amounts.multiplyDivide(
                                        leverages, NANOS_PER_ONE, positions, RoundingMode.HALF_UP)),
                mark == null ? null : new Held(longSize.minus(shortSize), cost).unrealised(mark),
                mark,
                nowMillis);
    }

    private static @Nullable Usd worth(@Nullable Price mark, Quantity size) {
        return mark == null ? null : Amounts.notional(mark, size, RoundingMode.UP);
    }
}
