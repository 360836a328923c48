package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the simulated walks begin and how far a step goes, by oracle id. They begin at the prices
 * of the turn of the year 2022, where the recorded bars begin too. A step's deviation is that of a
 * year (BTC 60 %, ETH 75 %, others 100 %) over the steps of a year at five a second.
 */
public final class SimulatedMarkets {
    private static final Map<String, Origin> BY_ORACLE_ID =
            Map.of(
                    "BTC/USD", new Origin(Price.parse("46300"), Rate.parse("0.000047764")),
                    "ETH/USD", new Origin(Price.parse("3680"), Rate.parse("0.000059705")),
                    "SOL/USD", new Origin(Price.parse("170"), Rate.parse("0.000079607")),
                    "AVAX/USD", new Origin(Price.parse("109"), Rate.parse("0.000079607")),
                    "MATIC/USD", new Origin(Price.parse("2.53"), Rate.parse("0.000079607")));

    private SimulatedMarkets() {}

    /** The walk of {@code market}, from its beginning; null for an oracle id not simulated. */
    public static @Nullable SimulatedWalk walk(long seed, Market market) {
        Origin origin = BY_ORACLE_ID.get(market.oracleId());
        return origin == null ? null : origin.walk(seed, market, origin.price(), 0);
    }

    /** The same, where it stands at {@code price} after {@code step} steps. */
    public static @Nullable SimulatedWalk walk(long seed, Market market, Price price, long step) {
        Origin origin = BY_ORACLE_ID.get(market.oracleId());
        return origin == null ? null : origin.walk(seed, market, price, step);
    }

    private record Origin(Price price, Rate deviationPerStep) {
        SimulatedWalk walk(long seed, Market market, Price at, long step) {
            return new SimulatedWalk(
                    seed, market.id(), deviationPerStep, market.tick(), price, at, step);
        }
    }
}
