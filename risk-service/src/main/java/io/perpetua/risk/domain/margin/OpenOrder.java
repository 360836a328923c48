package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.util.ArrayList;
import java.util.List;

/**
 * An order from its admission to the event that ends it, as margin sees it. While amendments are on
 * their way the hold is the largest of all versions that matching may still name.
 *
 * @param id the order's
 * @param side which way it trades
 * @param version the one matching named last, or admission
 * @param size in total, what has filled included
 * @param filled how much of it has traded
 * @param reduceOnly whether it may only reduce: the client's wish, or forced at admission
 * @param postOnly whether it never takes
 * @param worstFee the higher of its two fee rates, at least 0
 * @param amendments admitted and not yet answered, in the order of their admission
 */
public record OpenOrder(
        OrderId id,
        Side side,
        OrderVersion version,
        Quantity size,
        Quantity filled,
        boolean reduceOnly,
        boolean postOnly,
        Rate worstFee,
        List<Amendment> amendments) {
    /** An amendment that matching has not answered. {@code size} includes what has filled. */
    public record Amendment(OrderId commandId, Price limit, Quantity size) {}

    /** Never shares a list that can change. */
    public OpenOrder {
        amendments = List.copyOf(amendments);
    }

    /** Whether it buys. */
    public boolean buys() {
        return side == Side.BUY;
    }

    /** The most it may still trade, over all versions. */
    public Quantity worstRemaining() {
        Quantity worst = version.remaining();
        for (Amendment amendment : amendments) {
            Quantity remaining = versionOf(amendment).remaining();
            if (remaining.compareTo(worst) > 0) {
                worst = remaining;
            }
        }
        return worst;
    }

    /** Rises with how bad a price it may trade at, among orders of its side. */
    long eagerness() {
        long worst = eagerness(version.limit());
        for (Amendment amendment : amendments) {
            worst = Math.max(worst, eagerness(amendment.limit()));
        }
        return worst;
    }

    private long eagerness(Price limit) {
        return buys() ? limit.units() : -limit.units();
    }

    /** What trading up to {@code counted} at its limit loses against the mark, at worst. */
    Usd worstLoss(Price mark, Quantity counted) {
        Usd worst = version.loss(buys(), mark, least(version.remaining(), counted));
        for (Amendment amendment : amendments) {
            OrderVersion other = versionOf(amendment);
            Usd loss = other.loss(buys(), mark, least(other.remaining(), counted));
            if (loss.compareTo(worst) > 0) {
                worst = loss;
            }
        }
        return worst;
    }

    /** The fees of trading up to {@code counted} at its limit, at worst. */
    Usd worstFees(Quantity counted) {
        Usd worst = version.fee(worstFee, least(version.remaining(), counted));
        for (Amendment amendment : amendments) {
            OrderVersion other = versionOf(amendment);
            Usd fee = other.fee(worstFee, least(other.remaining(), counted));
            if (fee.compareTo(worst) > 0) {
                worst = fee;
            }
        }
        return worst;
    }

    private OrderVersion versionOf(Amendment amendment) {
        Quantity left = amendment.size().minus(filled);
        return new OrderVersion(amendment.limit(), left.signum() < 0 ? Quantity.ZERO : left);
    }

    private static Quantity least(Quantity a, Quantity b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** After a fill of {@code traded}. */
    public OpenOrder afterFill(Quantity traded, Quantity remaining) {
        return with(
                new OrderVersion(version.limit(), remaining),
                size,
                filled.plus(traded),
                amendments);
    }

    /** As matching names it now; the amendments still on their way stay. */
    public OpenOrder named(Price limit, Quantity total, Quantity remaining) {
        return with(new OrderVersion(limit, remaining), total, filled, amendments);
    }

    /** With an amendment on its way. */
    public OpenOrder amending(Amendment amendment) {
        List<Amendment> more = new ArrayList<>(amendments);
        more.add(amendment);
        return with(version, size, filled, more);
    }

    /**
     * After matching has carried out an amendment: the first on its way with these values is done.
     * Matching answers in the order of admission, refusals included.
     */
    public OpenOrder amended(Price limit, Quantity total, Quantity remaining) {
        List<Amendment> left = new ArrayList<>(amendments);
        for (int i = 0; i < left.size(); i++) {
            Amendment amendment = left.get(i);
            if (amendment.limit().equals(limit) && amendment.size().equals(total)) {
                left.remove(i);
                break;
            }
        }
        return with(new OrderVersion(limit, remaining), total, filled, left);
    }

    /** After matching has refused the amendment of {@code commandId}. */
    public OpenOrder withoutAmendment(OrderId commandId) {
        return with(
                version,
                size,
                filled,
                amendments.stream().filter(a -> !a.commandId().equals(commandId)).toList());
    }

    private OpenOrder with(
            OrderVersion named, Quantity total, Quantity traded, List<Amendment> pending) {
        return new OpenOrder(
                id, side, named, total, traded, reduceOnly, postOnly, worstFee, pending);
    }
}
