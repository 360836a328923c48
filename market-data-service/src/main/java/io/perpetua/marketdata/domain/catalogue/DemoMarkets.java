package io.perpetua.marketdata.domain.catalogue;

import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.time.Duration;
import java.util.List;

/**
 * The five markets a new installation starts with, in their first version.
 *
 * <p>The greatest leverage follows from the first tier's initial margin, 1 / 5 % = 20 and 1 / 10 %
 * = 10: an account can't owe 5 % of a position's notional and hold it at a hundredth of it. A
 * market with size decimals s has at most 6 - s price decimals, so tick x step is whole
 * micro-dollars.
 */
public final class DemoMarkets {
    private static final long FIRST_VERSION = 1;

    private DemoMarkets() {}

    /** All five, by id. */
    public static List<Market> all() {
        return List.of(
                market(1, "BTC", MAJOR, "0.1", "0.00001", "0.0001", "1000", "10000", "20000000"),
                market(2, "ETH", MAJOR, "0.01", "0.0001", "0.001", "10000", "150000", "20000000"),
                market(3, "SOL", MAJOR, "0.001", "0.01", "0.1", "100000", "2000000", "5000000"),
                market(4, "AVAX", MINOR, "0.001", "0.01", "0.1", "100000", "2000000", "2000000"),
                market(5, "MATIC", MINOR, "0.00001", "1", "10", "5000000", "100000000", "2000000"));
    }

    private static Market market(
            int id,
            String base,
            MarketClass marketClass,
            String tick,
            String step,
            String minOrderSize,
            String maxOrderSize,
            String maxOpenInterest,
            String secondTierDollars) {
        return new Market(
                new MarketId(id),
                base + "-PERP",
                base,
                "USDC",
                MarketStatus.ACTIVE,
                FIRST_VERSION,
                marketClass.maxLeverage(),
                List.of(
                        new MarginTier(Usd.ZERO, marketClass.initial(), marketClass.maintenance()),
                        new MarginTier(
                                Usd.parse(secondTierDollars),
                                marketClass.initial().plus(marketClass.initial()),
                                marketClass.maintenance().plus(marketClass.maintenance()))),
                Rate.ofBasisPoints(100),
                Rate.ofBasisPoints(5),
                Rate.ofBasisPoints(2),
                Price.parse(tick),
                Quantity.parse(step),
                Quantity.parse(minOrderSize),
                Quantity.parse(maxOrderSize),
                Quantity.parse(maxOpenInterest),
                marketClass.slippage(),
                marketClass.priceBand(),
                marketClass.impactNotional(),
                marketClass.maxPriceChange(),
                Duration.ofSeconds(10).toMillis(),
                Duration.ofHours(1).toMillis(),
                Rate.ofBasisPoints(400),
                Rate.ofBasisPoints(1),
                base + "/USD");
    }

    private static final MarketClass MAJOR =
            new MarketClass(
                    20,
                    Rate.ofBasisPoints(500),
                    Rate.ofBasisPoints(300),
                    Rate.ofBasisPoints(300),
                    Rate.ofBasisPoints(1_000),
                    Usd.ofDollars(20_000),
                    Rate.ofBasisPoints(500));

    private static final MarketClass MINOR =
            new MarketClass(
                    10,
                    Rate.ofBasisPoints(1_000),
                    Rate.ofBasisPoints(500),
                    Rate.ofBasisPoints(500),
                    Rate.ofBasisPoints(2_000),
                    Usd.ofDollars(6_000),
                    Rate.ofBasisPoints(1_000));

    /** What markets of one liquidity have in common. */
    private record MarketClass(
            int maxLeverage,
            Rate initial,
            Rate maintenance,
            Rate slippage,
            Rate priceBand,
            Usd impactNotional,
            Rate maxPriceChange) {}
}
