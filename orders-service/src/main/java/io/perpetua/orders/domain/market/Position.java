package io.perpetua.orders.domain.market;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.math.RoundingMode;

/**
 * What a subaccount holds in a market: a signed size (1e-8) and the signed cost (micro-dollars) at
 * which it was opened; negative both for a short. A size of 0 has a cost of 0.
 */
public final class Position {
    private final UserId user;
    private final SubaccountId subaccount;
    private long size;
    private long cost;

    /** As a row has it. */
    public Position(UserId user, SubaccountId subaccount, Quantity size, Usd cost) {
        this.user = user;
        this.subaccount = subaccount;
        this.size = size.units();
        this.cost = cost.micros();
    }

    /** Whose it is. */
    public UserId user() {
        return user;
    }

    /** Which of the user's subaccounts holds it. */
    public SubaccountId subaccount() {
        return subaccount;
    }

    /** The signed size. */
    public Quantity size() {
        return new Quantity(size);
    }

    /** The signed cost. */
    public Usd cost() {
        return new Usd(cost);
    }

    long sizeUnits() {
        return size;
    }

    long costMicros() {
        return cost;
    }

    /**
     * Trades {@code traded} (signed, 1e-8) for {@code notional} (same sign, micro-dollars) and
     * answers the profit realised (micro-dollars).
     *
     * <p>What closes releases {@code cost x closed / |size|}, rounded up once, so that profit is
     * rounded down: {@code realised = - notional of what closes - released}. What is left of the
     * cost stays with what is left of the position; the last part releases all of it.
     */
    long trade(long traded, long notional) {
        if (size == 0 || (size ^ traded) > 0) {
            size = Math.addExact(size, traded);
            cost = Math.addExact(cost, notional);
            return 0;
        }
        long held = Math.absExact(size);
        long closed = Math.min(held, Math.absExact(traded));
        long opened = Math.absExact(traded) - closed;
        long openedNotional =
                opened == 0
                        ? 0
                        : Amounts.multiplyDivide(
                                notional, opened, Math.absExact(traded), RoundingMode.HALF_EVEN);
        long released = Amounts.multiplyDivide(cost, closed, held, RoundingMode.CEILING);
        size = Math.addExact(size, traded);
        cost = Math.addExact(cost - released, openedNotional);
        return Math.negateExact(notional - openedNotional) - released;
    }
}
