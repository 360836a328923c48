package io.perpetua.risk.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How this instance of risk-service runs. */
@ConfigMapping(prefix = "perpetua.risk")
public interface RiskConfig {
    /**
     * This process among those of the service: the same name after a restart takes its shards back
     * at once. Never two living processes with one name.
     */
    @WithDefault("risk-1")
    String instance();

    /** Whether this process joins the log: runs shards, follows prices, takes commands. */
    @WithDefault("true")
    boolean logEnabled();

    /** Threads that share the user shards. */
    @WithDefault("1")
    int shardWorkers();

    /** How long a client waits for an outcome before it is told that it is pending. */
    @WithDefault("2000")
    int answerWithinMillis();

    /**
     * How many days a client order id is known after its placement, whatever became of the order;
     * while the order is open it is known in any case. Afterwards it may be used anew.
     */
    @WithDefault("90")
    int clientOrderIdDays();

    /** How often all markets are valued, 200 to 600,000. */
    @WithDefault("5000")
    int marketValuationMillis();

    /** How often the users who hold something are valued, 1,000 to 3,600,000. */
    @WithDefault("300000")
    int userValuationMillis();

    /** How many users are valued in one transaction, 1 to 5,000. */
    @WithDefault("1000")
    int usersPerValuation();
}
