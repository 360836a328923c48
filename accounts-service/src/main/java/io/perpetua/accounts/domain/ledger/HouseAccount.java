package io.perpetua.accounts.domain.ledger;

import io.perpetua.contracts.value.MarketId;

/**
 * An account of the exchange itself. In the database it is one row a user shard, so that shards
 * never wait for each other; its balance is the sum of them.
 *
 * @param name for example {@code custody} or {@code clearing:1}
 */
public record HouseAccount(String name) implements Comparable<HouseAccount> {
    /**
     * What the custodian holds for the exchange, with the sign turned: deposits make it negative.
     */
    public static final HouseAccount CUSTODY = new HouseAccount("custody");

    /** Trading fees earned. */
    public static final HouseAccount FEES = new HouseAccount("fees");

    /** Money between two subaccounts of a user; zero when no transfer is under way. */
    public static final HouseAccount TRANSFERS = new HouseAccount("transfers");

    /** Money on its way out: reserved, and not yet confirmed or returned. */
    public static final HouseAccount WITHDRAWALS_IN_FLIGHT =
            new HouseAccount("withdrawals-in-flight");

    /** The other side of what administrators adjust by hand: credits make it negative. */
    public static final HouseAccount ADJUSTMENTS = new HouseAccount("adjustments");

    /**
     * What a market's profits were paid from: at equal sequences its balance and the cost of all
     * positions in the market sum to zero.
     */
    public static HouseAccount clearing(MarketId market) {
        return new HouseAccount("clearing:" + market);
    }

    @Override
    public int compareTo(HouseAccount other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
