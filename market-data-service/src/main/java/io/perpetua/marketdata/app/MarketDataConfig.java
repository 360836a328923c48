package io.perpetua.marketdata.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of market-data-service. */
@ConfigMapping(prefix = "perpetua.market-data")
public interface MarketDataConfig {
    /**
     * Where index prices come from: {@code simulated}; {@code replay:FILE}, which plays a CSV of
     * bars (plain or gzipped) as BTC-PERP's index and simulates the rest; or {@code sources}, which
     * asks those outside.
     */
    @WithDefault("simulated")
    String feed();

    /** Equal seeds walk equal paths. */
    @WithDefault("1")
    long feedSeed();

    /** The sources outside, by name; asked only when the feed is {@code sources}. */
    Map<String, Source> sources();

    /** How many sources of a market must agree for its index to be valid. */
    @WithDefault("2")
    int sourcesQuorum();

    /** How long after a source's connection failed it is tried again, at first. */
    @WithDefault("1000")
    long reconnectMillisMin();

    /** The same after it failed many times in a row; each time it is twice as long. */
    @WithDefault("60000")
    long reconnectMillisMax();

    /** How long a source may say nothing of any of its products before it is connected anew. */
    @WithDefault("15000")
    long silenceMillisMax();

    /** Time between two prices of a market whatever they are; at least 100. */
    @WithDefault("200")
    long updateIntervalMillis();

    /**
     * By how many millionths index or mark must have moved since they were published, for a source
     * outside, to be published at once. What changes the use that a price may be put to always is.
     */
    @WithDefault("100")
    int promptMovePpm();

    /**
     * How many prices of a market may be published so in a second, besides those of the interval; 0
     * to 1,000. Followers take at most ten of a market in a second, the newest.
     */
    @WithDefault("10")
    int promptPerSecond();

    /** How many bars a second {@code replay:FILE} plays. */
    @WithDefault("1")
    String replayBarsPerSecond();

    /** Whether {@code /v1/prices/replay} is served: in development only. */
    @WithDefault("false")
    boolean replayEnabled();

    /** How many bars of a market may be queued by {@code /v1/prices/replay}: a year of minutes. */
    @WithDefault("600000")
    int replayBarsMax();

    /** For how many days published index and mark prices are kept one by one. */
    @WithDefault("7")
    int tickDays();

    /** For how many days candles of a minute are kept, longer ones for ever; 0 for ever. */
    @WithDefault("0")
    int minuteDays();

    /** Whether this process joins the log; off only to describe the interface. */
    @WithDefault("true")
    boolean logEnabled();

    /**
     * This process among those of the service: the same name after a restart takes its shards back
     * at once. Never two living processes with one name.
     */
    @WithDefault("market-data-1")
    String instance();

    /** How far one administrator may change a market alone; beyond it a second one approves. */
    Solo solo();

    /** For how long a change that takes two administrators waits for the second one. */
    @WithDefault("86400")
    int approvalSeconds();

    /** How many changes of a market may wait for a second administrator. */
    @WithDefault("10")
    int approvalsOpenMax();

    /**
     * What one administrator may change alone, in percent of what a market had when two last
     * agreed.
     */
    interface Solo {
        /** Margin rates, down; less than 100. */
        @WithDefault("10")
        int marginFallPercent();

        /** Maintenance margin rates, up. */
        @WithDefault("50")
        int maintenanceRisePercent();

        /** The greatest leverage, up. */
        @WithDefault("10")
        int leverageRisePercent();

        /** The least and greatest order and open interest, up. */
        @WithDefault("25")
        int sizeRisePercent();

        /** Price band, slippage, change and age of prices, up; the impact notional, either way. */
        @WithDefault("25")
        int guardWideningPercent();

        /** Fees and the contribution to the insurance fund, either way. */
        @WithDefault("25")
        int feeChangePercent();

        /** The funding interval, either way, and the funding cap, up. */
        @WithDefault("25")
        int fundingChangePercent();

        /** How far from zero a funding rate by hand may be, of an interval. */
        @WithDefault("0.001")
        String fundingRate();
    }

    /** A source outside. */
    interface Source {
        /** Which format it speaks. */
        SourceKind kind();

        /** Where, for example {@code https://hermes.pyth.network}. */
        URI url();

        /** Whether it is asked. */
        @WithDefault("true")
        boolean enabled();

        /** What its prices are of. */
        @WithDefault("INDEX")
        SourceRole role();

        /** Of its vote in the median. */
        @WithDefault("1")
        int weight();

        /** How old its price may be to count; the market's own limit holds besides. */
        @WithDefault("5000")
        long stalenessMillis();

        /** What the source calls a market's oracle id: {@code BTC/USD=BTCUSDT}, and so on. */
        List<String> products();

        /** Sent as a bearer token, where the source wants one. */
        Optional<String> token();
    }

    /** The formats that sources speak. */
    enum SourceKind {
        /** Pyth's Hermes: server-sent events of {@code /v2/updates/price/stream}. */
        PYTH,

        /** Binance's combined streams over a WebSocket. */
        BINANCE,

        /** Coinbase Exchange's channel {@code ticker} over a WebSocket. */
        COINBASE,

        /** Kraken's channel {@code ticker} (version 2) over a WebSocket. */
        KRAKEN
    }

    /** What a source's prices are of. */
    enum SourceRole {
        /** The asset itself: an input of the index. */
        INDEX,

        /** Perpetuals of it: an input of the mark. */
        PERPS
    }
}
