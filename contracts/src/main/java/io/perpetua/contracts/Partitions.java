package io.perpetua.contracts;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.UserId;
import java.util.Map;

/** Which partition, and so which shard, a user or a market belongs to. */
public final class Partitions {
    /** The environment variable that gives {@link #USERS}, the same for all of a deployment. */
    public static final String USERS_VARIABLE = "PERPETUA_USER_SHARDS";

    /**
     * User shards: all of a user's subaccounts, nonces and transfers share one. It is fixed when
     * the topics are made, and bounds how many processes can share the users; each one costs
     * records and rows of its own in every batch, so there had better not be many more.
     */
    public static final int USERS = users(System.getenv());

    /** Market shards. */
    public static final int MARKETS = 8;

    private static final int FEW_USERS = 4;
    private static final int MOST_USERS = 256;

    private Partitions() {}

    static int users(Map<String, String> environment) {
        String given = environment.get(USERS_VARIABLE);
        if (given == null) {
            return FEW_USERS;
        }
        if (!given.matches("[1-9][0-9]{0,2}") || Integer.parseInt(given) > MOST_USERS) {
            throw new IllegalArgumentException(
                    "%s is '%s' and must be a number from 1 to %d"
                            .formatted(USERS_VARIABLE, given, MOST_USERS));
        }
        return Integer.parseInt(given);
    }

    /** The partition of topics keyed by user. */
    public static int of(UserId user) {
        return (int) (user.value() % USERS);
    }

    /** The partition of topics keyed by market. */
    public static int of(MarketId market) {
        return market.value() % MARKETS;
    }
}
