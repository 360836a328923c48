package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.user.UserStanding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subaccount as margin sees it: its collateral and what it has in each market, cross-margined.
 * Collateral follows the ledger through two counts without gaps: credits taken from it, settlements
 * sent to it. It may be negative while a position is open.
 */
public final class Account {
    private final UserId user;
    private final SubaccountId id;
    private final List<Holding> holdings = new ArrayList<>(4);
    private UserStanding standing = UserStanding.ACTIVE;
    private Usd collateral = Usd.ZERO;
    private long creditSequence;
    private long settlementSequence;

    /** An account without money. */
    public Account(UserId user, SubaccountId id) {
        this.user = user;
        this.id = id;
    }

    /** As it was stored. */
    public Account(
            UserId user,
            SubaccountId id,
            Usd collateral,
            long creditSequence,
            long settlementSequence) {
        this(user, id);
        this.collateral = collateral;
        this.creditSequence = creditSequence;
        this.settlementSequence = settlementSequence;
    }

    /** Whose. */
    public UserId user() {
        return user;
    }

    /** The subaccount's id. */
    public SubaccountId id() {
        return id;
    }

    /** What is decided about its user. */
    public UserStanding standing() {
        return standing;
    }

    /** Takes what is decided about its user. */
    public void stand(UserStanding now) {
        standing = now;
    }

    /** What the ledger credited and settlements moved: deposits, profit, fees, transfers. */
    public Usd collateral() {
        return collateral;
    }

    /** How many credits of the ledger are in the collateral. */
    public long creditSequence() {
        return creditSequence;
    }

    /** How many settlements have been sent to the ledger. */
    public long settlementSequence() {
        return settlementSequence;
    }

    /** What it has, by market. */
    public List<Holding> holdings() {
        return Collections.unmodifiableList(holdings);
    }

    /** What it has in {@code market}, null where it never had anything. */
    public @Nullable Holding holding(MarketId market) {
        for (int i = 0; i < holdings.size(); i++) {
            Holding holding = holdings.get(i);
            if (holding.market().equals(market)) {
                return holding;
            }
        }
        return null;
    }

    /** What it has in {@code market}, made where it never had anything. */
    public Holding holdingIn(MarketId market) {
        Holding known = holding(market);
        if (known != null) {
            return known;
        }
        Holding holding = new Holding(market);
        int at = 0;
        while (at < holdings.size() && holdings.get(at).market().compareTo(market) < 0) {
            at++;
        }
        holdings.add(at, holding);
        return holding;
    }

    /**
     * Takes a credit of the ledger.
     *
     * @throws IllegalStateException when it is not the next one
     */
    public void credit(Usd amount, long sequence) {
        if (sequence != creditSequence + 1) {
            throw new IllegalStateException(
                    "subaccount "
                            + id
                            + " expects credit "
                            + (creditSequence + 1)
                            + ", not "
                            + sequence);
        }
        creditSequence = sequence;
        collateral = collateral.plus(amount);
    }

    /** Takes the profit of a fill and pays its fee. */
    public void settle(Usd realised, Usd fee) {
        collateral = collateral.plus(realised).minus(fee);
    }

    /** Takes a transfer; a negative amount is paid. */
    public void transfer(Usd amount) {
        collateral = collateral.plus(amount);
    }

    /** Gives up an amount that is withdrawn or debited. */
    public void withdraw(Usd amount) {
        collateral = collateral.minus(amount);
    }

    /** The number of the next settlement. */
    public long nextSettlement() {
        return ++settlementSequence;
    }
}
