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
     * How many outcomes of new orders may be awaited before more are shed: fewer than there may be
     * connections, or a cancel could not get in. Cancels and amendments go on until the log itself
     * takes no more, which is at 20,000 of all kinds.
     */
    @WithDefault("2048")
    int placementsWaitingMax();

    /** The same of new orders that only reduce: they have a budget of their own. */
    @WithDefault("512")
    int reductionsWaitingMax();

    /**
     * How old the oldest wait may be before new orders are shed. Less than a client waits, or no
     * wait would ever be as old.
     */
    @WithDefault("1000")
    int oldestWaitMillisMax();

    /** The age of the oldest wait is looked at when so many commands or more are under way. */
    @WithDefault("256")
    int ageJudgedWaitingMin();

    /** How many recent placements are remembered, to find their market without a query. */
    @WithDefault("65536")
    int recentPlacements();
}
