package io.perpetua.risk.domain;

import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.margin.MarginTiers;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Markets, marks and tiers for tests. */
public final class Fixtures {
    public static final MarketId BTC = new MarketId(1);
    public static final MarketId ETH = new MarketId(2);
    public static final long STALE_AFTER_MILLIS = 10_000;

    /** For a test that sets a mark once. */
    public static final long PATIENT_MILLIS = 600_000;

    private Fixtures() {}

    public static Usd usd(String text) {
        return Usd.parse(text);
    }

    public static Price price(String text) {
        return Price.parse(text);
    }

    public static Quantity size(String text) {
        return Quantity.parse(text);
    }

    public static Rate rate(String text) {
        return Rate.parse(text);
    }

    /** Tiers from {@code lower, initial, maintenance} rows. */
    public static List<MarginTier> tierRows(String... rows) {
        return List.of(rows).stream()
                .map(row -> row.trim().split("\\s+", -1))
                .map(cell -> new MarginTier(usd(cell[0]), rate(cell[1]), rate(cell[2])))
                .toList();
    }

    public static MarginTiers tiers(String... rows) {
        return new MarginTiers(tierRows(rows));
    }

    /** Max leverage 20, 5 % / 3 %, fees 0.05 % and 0.02 %, tick 0.1, step 0.001, band 10 %. */
    public static Market market(MarketId id) {
        return market(id, MarketStatus.ACTIVE, 1, tierRows("0 0.05 0.03"), "0.0005", "0.0002");
    }

    public static Market market(
            MarketId id,
            MarketStatus status,
            long version,
            List<MarginTier> tiers,
            String takerFee,
            String makerFee) {
        return market(id, status, version, tiers, takerFee, makerFee, STALE_AFTER_MILLIS);
    }

    public static Market market(
            MarketId id,
            MarketStatus status,
            long version,
            List<MarginTier> tiers,
            String takerFee,
            String makerFee,
            long stalenessMillis) {
        return new Market(
                id,
                "M" + id + "-PERP",
                "M" + id,
                "USDC",
                status,
                version,
                20,
                tiers,
                rate("0.01"),
                rate(takerFee),
                rate(makerFee),
                price("0.1"),
                size("0.001"),
                size("0.001"),
                size("10000"),
                size("1000000"),
                rate("0.02"),
                rate("0.1"),
                usd("5000"),
                rate("0.1"),
                stalenessMillis,
                3_600_000,
                rate("0.04"),
                rate("0.1"),
                "oracle-" + id);
    }

    /** Markets and marks that a test sets. */
    public static final class Venue implements Markets, Marks {
        private final Map<MarketId, MarketRules> rules = new HashMap<>();
        private final Map<MarketId, MarkPrice> marks = new HashMap<>();
        private long sequence;

        public Venue list(Market market) {
            rules.put(market.id(), MarketRules.of(market));
            return this;
        }

        public Venue mark(MarketId market, String price, long atMillis) {
            return mark(market, price(price), atMillis);
        }

        public Venue mark(MarketId market, Price price, long atMillis) {
            marks.put(market, new MarkPrice(market, ++sequence, price, price, atMillis));
            return this;
        }

        public Venue doubt(MarketId market, String price, PriceFault fault, long atMillis) {
            marks.put(
                    market,
                    new MarkPrice(
                            market, ++sequence, price(price), price(price), atMillis, fault, null));
            return this;
        }

        @Override
        public MarketRules rules(MarketId market) {
            return rules.get(market);
        }

        @Override
        public MarkPrice newest(MarketId market) {
            return marks.get(market);
        }
    }
}
