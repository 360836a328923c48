package io.perpetua.orders.domain.market;

import io.perpetua.contracts.orders.CloseReason;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An order from its admission, or its refusal, to its end.
 *
 * <p>Always {@code filled + remaining <= size}; what they leave of the size was cancelled. While it
 * stands on the book, they are all of it: what such an order loses without a trade leaves its size.
 */
public final class Order {
    private final PlaceOrder placement;
    private final Terms terms;
    private @Nullable Price limit;
    private long size;
    private long filled;
    private long remaining;
    private long quote;
    private int version;
    private long priority;
    private OrderStatus status;
    private @Nullable Refusal refusal;
    private @Nullable CloseReason reason;
    private long updatedAtMillis;
    private @Nullable Answer first;

    /** The subaccount's open orders before and after it; kept by {@link OpenOrders}. */
    @Nullable Order older;

    @Nullable Order newer;

    /**
     * On which terms risk admitted an order.
     *
     * @param reduceOnly the client's wish, or forced
     * @param takerFee of the notional, for what it takes
     * @param makerFee of the notional, for what it makes; negative is a rebate
     * @param selfTradeGroup orders of one group don't trade with each other; 0 is no group
     */
    public record Terms(boolean reduceOnly, Rate takerFee, Rate makerFee, long selfTradeGroup) {}

    /** How an order stood when its placement was answered first. */
    public record Answer(
            OrderStatus status,
            Quantity size,
            Quantity filled,
            Usd quote,
            @Nullable Refusal refusal,
            @Nullable CloseReason reason,
            long atMillis) {}

    /** The part of an order that changes while it lives. */
    public record Progress(
            @Nullable Price limit,
            Quantity size,
            Quantity filled,
            Quantity remaining,
            Usd quote,
            int version,
            long priority,
            OrderStatus status,
            @Nullable Refusal refusal,
            @Nullable CloseReason reason,
            long updatedAtMillis,
            @Nullable Answer first) {}

    /** An order on its way in; without a limit when it was refused before it had one. */
    static Order arriving(PlaceOrder placement, Terms terms, @Nullable Price limit) {
        return new Order(
                placement,
                terms,
                new Progress(
                        limit,
                        placement.size(),
                        Quantity.ZERO,
                        Quantity.ZERO,
                        Usd.ZERO,
                        1,
                        0,
                        OrderStatus.PENDING,
                        null,
                        null,
                        0,
                        null));
    }

    /** As a row has it; of the placement, times and reply address are not needed. */
    public Order(PlaceOrder placement, Terms terms, Progress progress) {
        this.placement = placement;
        this.terms = terms;
        this.limit = progress.limit();
        this.size = progress.size().units();
        this.filled = progress.filled().units();
        this.remaining = progress.remaining().units();
        this.quote = progress.quote().micros();
        this.version = progress.version();
        this.priority = progress.priority();
        this.status = progress.status();
        this.refusal = progress.refusal();
        this.reason = progress.reason();
        this.updatedAtMillis = progress.updatedAtMillis();
        this.first = progress.first();
    }

    /** What the client asked for at first. */
    public PlaceOrder placement() {
        return placement;
    }

    /** On which terms it was admitted. */
    public Terms terms() {
        return terms;
    }

    /** How it stands. */
    public Progress progress() {
        return new Progress(
                limit,
                size(),
                filled(),
                remaining(),
                quote(),
                version,
                priority,
                status,
                refusal,
                reason,
                updatedAtMillis,
                first);
    }

    /** Its id. */
    public OrderId id() {
        return placement.orderId();
    }

    /** Whose it is. */
    public UserId user() {
        return placement.user();
    }

    /** For which of the user's subaccounts. */
    public SubaccountId subaccount() {
        return placement.subaccount();
    }

    /** In which market. */
    public MarketId market() {
        return placement.market();
    }

    /** The client's own name for it. */
    public @Nullable String clientOrderId() {
        return placement.clientOrderId();
    }

    /** Which way it trades. */
    public Side side() {
        return placement.side();
    }

    /** How it is priced. */
    public OrderType orderType() {
        return placement.orderType();
    }

    /** How long it may work. */
    public TimeInForce timeInForce() {
        return placement.timeInForce();
    }

    /** What happens when it meets an order of its own group. */
    public SelfTrade selfTrade() {
        return placement.selfTrade();
    }

    /** The price a client sees: the limit of a limit order; null for a market order. */
    public @Nullable Price price() {
        if (orderType() == OrderType.MARKET) {
            return null;
        }
        return limit == null ? placement.price() : limit;
    }

    /** The worst price it may trade at; null when it was refused at admission. */
    public @Nullable Price limit() {
        return limit;
    }

    /** Its size, filled part included. */
    public Quantity size() {
        return new Quantity(size);
    }

    /** What traded. */
    public Quantity filled() {
        return new Quantity(filled);
    }

    /** What stands on the book. */
    public Quantity remaining() {
        return new Quantity(remaining);
    }

    /** The notional of what traded. */
    public Usd quote() {
        return new Usd(quote);
    }

    /** 1 at first, one more with every change of price or size. */
    public int version() {
        return version;
    }

    /** Its place among the orders of its price: lower trades first. */
    public long priority() {
        return priority;
    }

    /** Where it stands. */
    public OrderStatus status() {
        return status;
    }

    /** Whether it stands on the book. */
    public boolean isOpen() {
        return remaining > 0;
    }

    /** Why it was rejected, if it was. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /** Why it was cancelled, if it was. */
    public @Nullable CloseReason reason() {
        return reason;
    }

    /** When it changed last, in milliseconds since 1970. */
    public long updatedAtMillis() {
        return updatedAtMillis;
    }

    /** How its placement was answered; null while that is being decided, and once restored. */
    public @Nullable Answer first() {
        return first;
    }

    boolean buys() {
        return side() == Side.BUY;
    }

    long sizeUnits() {
        return size;
    }

    long filledUnits() {
        return filled;
    }

    long remainingUnits() {
        return remaining;
    }

    void fill(long by, long left, long notional, long nowMillis) {
        filled += by;
        remaining = left;
        quote = Math.addExact(quote, notional);
        status = OrderStatus.PARTIALLY_FILLED;
        updatedAtMillis = nowMillis;
    }

    /** Stands on the book with this size remaining, at this place. */
    void stand(long left, long place, long nowMillis) {
        remaining = left;
        size = filled + left;
        priority = place;
        status = filled == 0 ? OrderStatus.OPEN : OrderStatus.PARTIALLY_FILLED;
        updatedAtMillis = nowMillis;
    }

    void amend(Price price, long left, long nowMillis) {
        limit = price;
        version++;
        stand(left, priority, nowMillis);
    }

    void reject(Refusal why, long nowMillis) {
        remaining = 0;
        status = OrderStatus.REJECTED;
        refusal = why;
        updatedAtMillis = nowMillis;
    }

    void finish(@Nullable CloseReason why, long nowMillis) {
        remaining = 0;
        status = why == null ? OrderStatus.FILLED : OrderStatus.CANCELLED;
        reason = why;
        updatedAtMillis = nowMillis;
    }

    void answered(long nowMillis) {
        first = new Answer(status, size(), filled(), quote(), refusal, reason, nowMillis);
    }
}
