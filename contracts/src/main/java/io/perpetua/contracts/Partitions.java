package io.perpetua.contracts;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.UserId;

/** Which partition, and so which shard, a user or a market belongs to. */
public final class Partitions {
    /** User shards: all of a user's subaccounts, nonces and transfers share one. */
    public static final int USERS = 16;

    /** Market shards. */
    public static final int MARKETS = 8;

    private Partitions() {}

    /** The partition of topics keyed by user. */
    public static int of(UserId user) {
        return (int) (user.value() % USERS);
    }

    /** The partition of topics keyed by market. */
    public static int of(MarketId market) {
        return market.value() % MARKETS;
    }
}
