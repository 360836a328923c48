package io.perpetua.bench;

import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.util.List;

/** A market as the benchmarks list it that bring a catalogue of their own. */
final class BenchMarket {
    static final Price TICK = Price.parse("0.1");
    static final Quantity STEP = Quantity.parse("0.001");

    private BenchMarket() {}

    static String symbol(int market) {
        return "M" + market + "-PERP";
    }

    static Market of(MarketId id, long marksStaleAfterMillis) {
        return new Market(
                id,
                symbol(id.value()),
                "M" + id,
                "USDC",
                MarketStatus.ACTIVE,
                1,
                20,
                List.of(
                        new MarginTier(Usd.ZERO, Rate.parse("0.05"), Rate.parse("0.03")),
                        new MarginTier(
                                Usd.ofDollars(100_000), Rate.parse("0.1"), Rate.parse("0.05"))),
                Rate.parse("0.01"),
                Rate.parse("0.0005"),
                Rate.parse("0.0002"),
                TICK,
                STEP,
                STEP,
                Quantity.parse("10000"),
                Quantity.parse("1000000"),
                Rate.parse("0.02"),
                Rate.parse("0.1"),
                Usd.ofDollars(5_000),
                Rate.parse("0.1"),
                marksStaleAfterMillis,
                3_600_000,
                Rate.parse("0.04"),
                Rate.parse("0.1"),
                "oracle-" + id);
    }
}
