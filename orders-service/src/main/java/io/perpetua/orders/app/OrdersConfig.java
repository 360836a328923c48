package io.perpetua.orders.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How this instance of orders-service runs. */
@ConfigMapping(prefix = "perpetua.orders")
public interface OrdersConfig {
    /**
     * This process among those of the service: the same name after a restart takes its shards back
     * at once. Never two living processes with one name.
     */
    @WithDefault("orders-1")
    String instance();

    /** Whether this process joins the log: runs shards, takes commands, follows books. */
    @WithDefault("true")
    boolean logEnabled();

    /** Threads that share the market shards. */
    @WithDefault("1")
    int shardWorkers();

    /** How long a client waits for an outcome before it is told where to look for it. */
    @WithDefault("2000")
    int answerWithinMillis();

    /**
     * How many outcomes may be awaited before new orders are shed; cancels and amendments go on
     * until the log itself takes no more.
     */
    @WithDefault("8192")
    int placementsWaitingMax();

    /** How many recent placements are remembered, to find their market without a query. */
    @WithDefault("65536")
    int recentPlacements();
}
