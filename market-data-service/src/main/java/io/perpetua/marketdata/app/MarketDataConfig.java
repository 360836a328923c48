package io.perpetua.marketdata.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of market-data-service. */
@ConfigMapping(prefix = "perpetua.market-data")
public interface MarketDataConfig {
    /**
     * Where index prices come from: {@code simulated}, or {@code replay:FILE}, which plays a CSV of
     * bars (plain or gzipped) as BTC-PERP's index and simulates the rest.
     */
    @WithDefault("simulated")
    String feed();

    /** Equal seeds walk equal paths. */
    @WithDefault("1")
    long feedSeed();

    /** Time between two prices of a market; at least 100, so at most ten a second are published. */
    @WithDefault("200")
    long updateIntervalMillis();

    /** How many bars a second {@code replay:FILE} plays. */
    @WithDefault("1")
    String replayBarsPerSecond();

    /** Whether {@code /v1/prices/replay} is served: in development only. */
    @WithDefault("false")
    boolean replayEnabled();

    /** How many bars of a market may be queued by {@code /v1/prices/replay}: a year of minutes. */
    @WithDefault("600000")
    int replayBarsMax();

    /** Whether this process joins the log; off only to describe the interface. */
    @WithDefault("true")
    boolean logEnabled();

    /**
     * This process among those of the service: the same name after a restart takes its shards back
     * at once. Never two living processes with one name.
     */
    @WithDefault("market-data-1")
    String instance();
}
