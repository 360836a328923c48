package io.perpetua.orders.domain.market;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.orders.domain.book.BookRefusal;
import io.perpetua.orders.domain.book.OrderBook;
import io.perpetua.orders.domain.book.Placement;
import org.jspecify.annotations.Nullable;

/**
 * What a market refuses, besides what its book does. Rules apply in the order in which {@link
 * Refusal} declares them.
 */
final class MarketRules {
    private final Positions positions;
    private final OpenOrders orders;
    private final OrderBook book;
    private final PastOrders pastOrders;
    private @Nullable Market definition;

    MarketRules(Positions positions, OpenOrders orders, OrderBook book, PastOrders pastOrders) {
        this.positions = positions;
        this.orders = orders;
        this.book = book;
        this.pastOrders = pastOrders;
    }

    @Nullable Market definition() {
        return definition;
    }

    /** Takes a newer version; false when it is not newer. */
    boolean apply(@Nullable Market newer) {
        if (newer == null || (definition != null && newer.version() <= definition.version())) {
            return false;
        }
        definition = newer;
        return true;
    }

    /**
     * Whether an order may only reduce: as it was admitted, or because the market takes no more.
     */
    boolean isReduceOnly(OrderAdmitted admitted) {
        if (admitted.reduceOnly()) {
            return true;
        }
        boolean buy = admitted.command().side() == Side.BUY;
        return definition != null
                && definition.status() == MarketStatus.REDUCE_ONLY
                && admitted.command().size().units()
                        <= reducible(admitted.command().subaccount(), buy);
    }

    /** Why a new order is refused, if it is. */
    @Nullable Refusal refusalOf(Order order, Placement placement, long nowMillis) {
        Market market = definition;
        if (market == null) {
            return Refusal.MARKET_UNKNOWN;
        }
        Refusal byStatus = refusalByStatus(market, order);
        if (byStatus != null) {
            return byStatus;
        }
        boolean isLimit = order.orderType() == OrderType.LIMIT;
        Refusal byShape =
                refusalByShape(market, order, isLimit ? order.limit() : null, order.size());
        if (byShape != null) {
            return byShape;
        }
        long validUntil = order.placement().validUntilMillis();
        if (validUntil > 0 && nowMillis > validUntil) {
            return Refusal.TOO_LATE;
        }
        BookRefusal byBook = book.refusalOf(placement);
        if (byBook != null) {
            return toRefusal(byBook);
        }
        return exceedsOpenInterest(market, order, order.sizeUnits())
                ? Refusal.OPEN_INTEREST_EXCEEDED
                : null;
    }

    /** Why an amendment of an order on the book is refused, if it is. */
    @Nullable Refusal refusalOf(Order order, AmendOrder command) {
        Market market = definition;
        if (market == null) {
            return Refusal.MARKET_UNKNOWN;
        }
        Amendment to = Amendment.of(order, command);
        boolean keepsPlace = to.keepsPlace(order);
        boolean trades = !keepsPlace && book.wouldTrade(order.buys(), to.price().units());
        Refusal byStatus = refusalByStatus(market, order, to, keepsPlace, trades);
        if (byStatus != null) {
            return byStatus;
        }
        Refusal byShape = refusalByShape(market, order, command.price(), new Quantity(to.size()));
        if (byShape != null) {
            return byShape;
        }
        if (to.remaining() <= 0) {
            return Refusal.SIZE_BELOW_FILLED;
        }
        boolean grows = to.remaining() > order.remainingUnits();
        return (trades || grows) && exceedsOpenInterest(market, order, to.remaining())
                ? Refusal.OPEN_INTEREST_EXCEEDED
                : null;
    }

    /** Why an order that is not on the book, or not this subaccount's, can't be acted on. */
    Refusal whyNotOpen(OrderId order, SubaccountId subaccount) {
        return orders.endedJustNow(order, subaccount) || pastOrders.contains(order, subaccount)
                ? Refusal.ORDER_CLOSED
                : Refusal.ORDER_UNKNOWN;
    }

    /** How long the book lets it work: a market order never rests. */
    static TimeInForce timeInForce(Order order) {
        boolean rests =
                order.timeInForce() == TimeInForce.GTC
                        || order.timeInForce() == TimeInForce.POST_ONLY;
        return order.orderType() == OrderType.MARKET && rests
                ? TimeInForce.IOC
                : order.timeInForce();
    }

    static Refusal toRefusal(BookRefusal refusal) {
        return switch (refusal) {
            case REDUCE_ONLY_WOULD_INCREASE -> Refusal.REDUCE_ONLY_WOULD_INCREASE;
            case POST_ONLY_WOULD_CROSS -> Refusal.POST_ONLY_WOULD_CROSS;
            case FOK_NOT_FILLABLE -> Refusal.FOK_NOT_FILLABLE;
            case DUPLICATE_ORDER_ID, ORDER_UNKNOWN, ORDER_OF_ANOTHER, SIZE_NOT_POSITIVE ->
                    throw new IllegalStateException("what came here was checked, yet " + refusal);
        };
    }

    private @Nullable Refusal refusalByStatus(Market market, Order order) {
        return switch (market.status()) {
            case ANNOUNCED, HALTED -> Refusal.MARKET_HALTED;
            case SETTLING, DELISTED -> Refusal.MARKET_ENDED;
            case CANCEL_ONLY -> Refusal.MARKET_CANCEL_ONLY;
            case POST_ONLY ->
                    timeInForce(order) == TimeInForce.POST_ONLY ? null : Refusal.MARKET_POST_ONLY;
            case REDUCE_ONLY -> order.terms().reduceOnly() ? null : Refusal.MARKET_REDUCE_ONLY;
            case ACTIVE -> null;
        };
    }

    private @Nullable Refusal refusalByStatus(
            Market market, Order order, Amendment to, boolean keepsPlace, boolean trades) {
        return switch (market.status()) {
            case ANNOUNCED, HALTED -> Refusal.MARKET_HALTED;
            case SETTLING, DELISTED -> Refusal.MARKET_ENDED;
            case CANCEL_ONLY -> Refusal.MARKET_CANCEL_ONLY;
            case POST_ONLY -> trades ? Refusal.MARKET_POST_ONLY : null;
            case REDUCE_ONLY ->
                    keepsPlace
                                    || order.terms().reduceOnly()
                                    || to.remaining() <= reducible(order.subaccount(), order.buys())
                            ? null
                            : Refusal.MARKET_REDUCE_ONLY;
            case ACTIVE -> null;
        };
    }

    private static @Nullable Refusal refusalByShape(
            Market market, Order order, @Nullable Price price, Quantity size) {
        if (price != null && price.units() % market.tick().units() != 0) {
            return Refusal.PRICE_OFF_TICK;
        }
        if (size.units() % market.step().units() != 0) {
            return Refusal.SIZE_OFF_STEP;
        }
        // What is left of a position may be less than the least order.
        if (!order.terms().reduceOnly() && size.compareTo(market.minOrderSize()) < 0) {
            return Refusal.SIZE_BELOW_MINIMUM;
        }
        Price worst = price == null ? order.limit() : price;
        return size.compareTo(market.maxOrderSize()) > 0
                        || (worst != null && !market.carries(worst, size))
                ? Refusal.SIZE_ABOVE_MAXIMUM
                : null;
    }

    /**
     * Trades of an incoming order raise open interest by at most the part of it that does not
     * reduce, whoever is on the other side.
     */
    private boolean exceedsOpenInterest(Market market, Order order, long size) {
        long increase = size - reducible(order.subaccount(), order.buys());
        return !order.terms().reduceOnly()
                && increase > 0
                && positions.openInterest() + increase > market.maxOpenInterest().units();
    }

    private long reducible(SubaccountId subaccount, boolean buy) {
        long size = positions.sizeOf(subaccount.value());
        return Math.max(0, buy ? -size : size);
    }
}
