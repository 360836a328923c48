package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.util.List;

/** A market whose rules are all valid. */
public final class ExampleMarket {
    private ExampleMarket() {}

    public static Market of(MarketId id, long version, List<MarginTier> tiers) {
        return new Market(
                id,
                "BTC-PERP",
                "BTC",
                "USD",
                MarketStatus.ACTIVE,
                version,
                20,
                tiers,
                Rate.parse("0.01"),
                Rate.parse("0.0005"),
                Rate.parse("-0.0001"),
                Price.parse("0.5"),
                Quantity.parse("0.0001"),
                Quantity.parse("0.0001"),
                Quantity.parse("100"),
                Quantity.parse("10000"),
                Rate.parse("0.05"),
                Rate.parse("0.1"),
                Usd.ofDollars(10_000),
                Rate.parse("0.1"),
                10_000,
                3_600_000,
                Rate.parse("0.04"),
                Rate.parse("0.1"),
                "simulated:BTC");
    }
}
