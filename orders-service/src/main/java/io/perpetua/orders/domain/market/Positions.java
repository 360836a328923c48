package io.perpetua.orders.domain.market;

import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.orders.domain.book.PositionSizes;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All positions of a market. After each trade their sizes sum to zero, and their costs to the
 * profit that all trades together realised; anything else stops the market.
 */
final class Positions implements PositionSizes {
    private final Map<Long, Position> bySubaccount = new HashMap<>();
    private final Set<Position> changed = new LinkedHashSet<>();
    private long openInterest;
    private long sumOfSizes;
    private long sumOfCosts;
    private long realised;

    void restore(Collection<Position> positions, Usd realisedSoFar) {
        realised = realisedSoFar.micros();
        for (Position position : positions) {
            if (position.sizeUnits() != 0) {
                bySubaccount.put(position.subaccount().value(), position);
                count(position, 1);
            }
        }
        assertBalanced();
    }

    @Override
    public long sizeOf(long account) {
        Position position = bySubaccount.get(account);
        return position == null ? 0 : position.sizeUnits();
    }

    /** Trades for one account and answers what it realised (micro-dollars). */
    long trade(Order order, long traded, long notional) {
        Position position = of(order.user(), order.subaccount());
        count(position, -1);
        long profit = position.trade(traded, notional);
        count(position, 1);
        realised = Math.addExact(realised, profit);
        changed.add(position);
        return profit;
    }

    Position of(UserId user, SubaccountId subaccount) {
        return bySubaccount.computeIfAbsent(
                subaccount.value(), key -> new Position(user, subaccount, Quantity.ZERO, Usd.ZERO));
    }

    /** The sum of all long positions, which is that of all short ones (1e-8). */
    long openInterest() {
        return openInterest;
    }

    long realised() {
        return realised;
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    List<Position> takeChanges() {
        List<Position> taken = List.copyOf(changed);
        changed.clear();
        for (Position position : taken) {
            if (position.sizeUnits() == 0) {
                bySubaccount.remove(position.subaccount().value());
            }
        }
        return taken;
    }

    void assertBalanced() {
        if (sumOfSizes != 0 || sumOfCosts != realised) {
            throw new IllegalStateException(
                    "positions don't balance: sizes sum to "
                            + new Quantity(sumOfSizes)
                            + ", costs to "
                            + new Usd(sumOfCosts)
                            + ", realised "
                            + new Usd(realised));
        }
    }

    /** Equal for equal holdings, in whatever order they came about. */
    long hash() {
        long hash = realised;
        for (Position position : bySubaccount.values()) {
            if (position.sizeUnits() != 0) {
                hash +=
                        Hashes.of(
                                position.subaccount().value(),
                                position.user().value(),
                                position.sizeUnits(),
                                position.costMicros());
            }
        }
        return hash;
    }

    private void count(Position position, int sign) {
        long size = position.sizeUnits();
        sumOfSizes += sign * size;
        sumOfCosts += sign * position.costMicros();
        openInterest += sign * Math.max(0, size);
    }
}
