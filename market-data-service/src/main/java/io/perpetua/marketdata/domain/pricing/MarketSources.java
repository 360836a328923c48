package io.perpetua.marketdata.domain.pricing;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import io.perpetua.marketdata.domain.oracle.SimulatedMarkets;
import io.perpetua.marketdata.domain.oracle.SimulatedWalk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the prices of a market come from.
 *
 * @param simulatedSeed of the walk that makes the index; null where sources outside make it
 * @param index the sources outside
 * @param quorum how many of them must agree
 * @param perps perpetuals at other venues, beside the book for the mark
 */
public record MarketSources(
        @Nullable Long simulatedSeed,
        List<OracleSource> index,
        int quorum,
        List<OracleSource> perps) {
    /** The walk of {@code seed}; equal seeds walk equal paths. */
    public static MarketSources simulated(long seed) {
        return new MarketSources(seed, List.of(), 1, List.of());
    }

    /** Whether none makes an index. */
    public boolean areNone() {
        return simulatedSeed == null && index.isEmpty();
    }

    @Nullable SimulatedWalk walk(Market market, MarketPricing.@Nullable State state) {
        if (simulatedSeed == null) {
            return null;
        }
        return state == null
                ? SimulatedMarkets.walk(simulatedSeed, market)
                : SimulatedMarkets.walk(simulatedSeed, market, state.oracle(), state.walkStep());
    }
}
