package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A position from the trade that opens it to the one that closes or turns it: size and cost as
 * matching gave them. An open one is never of size 0; a closed one never changes again.
 *
 * @param openedBy the trade that opened it; with subaccount and market its identity
 * @param size signed
 * @param cost signed like the size: what entering what is held was worth
 * @param entry cost / size, to the nearest, for display; of a closed one, what it was before
 * @param largestSize the largest |size| it had
 * @param realised profit taken so far, before fees
 * @param fees paid so far; negative when rebates outweigh them
 * @param closedAtMillis null while it is open
 */
public record Position(
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        TradeId openedBy,
        Quantity size,
        Usd cost,
        Price entry,
        boolean wasLong,
        Quantity largestSize,
        Usd realised,
        Usd fees,
        long openedAtMillis,
        @Nullable Long closedAtMillis) {
    /** What a fill opens: by its first trade, or by the part of a trade that turned it around. */
    static Position opened(OrderFilled fill, Usd realised, Usd fees) {
        return new Position(
                fill.user(),
                fill.subaccount(),
                fill.market(),
                fill.tradeId(),
                fill.positionSize(),
                fill.positionCost(),
                entryOf(fill.positionSize(), fill.positionCost()),
                fill.positionSize().signum() > 0,
                fill.positionSize().abs(),
                realised,
                fees,
                fill.atMillis(),
                null);
    }

    /** After a fill that leaves it open on the same side. */
    Position afterFill(OrderFilled fill) {
        Quantity held = fill.positionSize().abs();
        return new Position(
                user,
                subaccount,
                market,
                openedBy,
                fill.positionSize(),
                fill.positionCost(),
                entryOf(fill.positionSize(), fill.positionCost()),
                wasLong,
                held.compareTo(largestSize) > 0 ? held : largestSize,
                realised.plus(fill.realised()),
                fees.plus(fill.fee()),
                openedAtMillis,
                null);
    }

    /**
     * After the fill that closed it or turned it around; profit and fee of the fill are its own.
     */
    Position closedBy(OrderFilled fill) {
        return new Position(
                user,
                subaccount,
                market,
                openedBy,
                Quantity.ZERO,
                Usd.ZERO,
                entry,
                wasLong,
                largestSize,
                realised.plus(fill.realised()),
                fees.plus(fill.fee()),
                openedAtMillis,
                fill.atMillis());
    }

    /** Whether it is still held. */
    public boolean isOpen() {
        return closedAtMillis == null;
    }

    private static Price entryOf(Quantity size, Usd cost) {
        return cost.signum() == 0 ? new Price(1) : Amounts.price(cost, size, RoundingMode.HALF_UP);
    }
}
