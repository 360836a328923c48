package io.perpetua.orders.app;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.eventlog.Gateway;
import io.perpetua.orders.persistence.OrderRow;
import java.math.RoundingMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order as its owner sees it. {@code market} is the symbol; {@code quote} the sum of its fills'
 * price x size; {@code averagePrice} their quotient, for display; {@code reason} why a rejected or
 * cancelled order ended. Size less filled and remaining was cancelled.
 */
public record OrderView(
        OrderId orderId,
        @Nullable String clientOrderId,
        SubaccountId subaccountId,
        String market,
        Side side,
        OrderType type,
        TimeInForce timeInForce,
        @Nullable Price price,
        Quantity size,
        Quantity filled,
        Quantity remaining,
        Usd quote,
        @Nullable Price averagePrice,
        boolean reduceOnly,
        SelfTrade selfTrade,
        OrderStatus status,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {

    /** A placement that is journalled and not decided yet. */
    static OrderView pending(PlaceOrder order, String market) {
        Instant createdAt = createdAt(order.orderId());
        return new OrderView(
                order.orderId(),
                order.clientOrderId(),
                order.subaccount(),
                market,
                order.side(),
                order.orderType(),
                order.timeInForce(),
                order.price(),
                order.size(),
                Quantity.ZERO,
                order.size(),
                Usd.ZERO,
                null,
                order.reduceOnly(),
                order.selfTrade(),
                OrderStatus.PENDING,
                null,
                createdAt,
                createdAt);
    }

    /** An order as it stands. */
    static OrderView of(OrderRow row, String market) {
        return new OrderView(
                row.orderId(),
                row.clientOrderId(),
                row.subaccount(),
                market,
                row.side(),
                row.orderType(),
                row.timeInForce(),
                row.price(),
                row.size(),
                row.filled(),
                row.remaining(),
                row.quote(),
                average(row.quote(), row.filled()),
                row.reduceOnly(),
                row.selfTrade(),
                row.status(),
                row.reason(),
                createdAt(row.orderId()),
                Instant.ofEpochMilli(row.updatedAtMillis()));
    }

    /**
     * An order as it stood when its placement was answered first, for a repeat of that placement:
     * the same content, or it were no repeat.
     */
    static OrderView first(OrderRow row, PlaceOrder repeat, String market) {
        OrderRow.First first = row.first();
        boolean open =
                first.status() == OrderStatus.OPEN
                        || first.status() == OrderStatus.PARTIALLY_FILLED;
        return new OrderView(
                row.orderId(),
                row.clientOrderId(),
                row.subaccount(),
                market,
                row.side(),
                row.orderType(),
                row.timeInForce(),
                repeat.price(),
                first.size(),
                first.filled(),
                open ? first.size().minus(first.filled()) : Quantity.ZERO,
                first.quote(),
                average(first.quote(), first.filled()),
                row.reduceOnly(),
                row.selfTrade(),
                first.status(),
                first.reason(),
                createdAt(row.orderId()),
                Instant.ofEpochMilli(first.atMillis()));
    }

    /** The same order after it came to rest. */
    OrderView after(OrderOpened event) {
        return with(
                event.price(),
                event.size(),
                event.filled(),
                event.size().minus(event.filled()),
                event.quote(),
                event.filled().signum() == 0 ? OrderStatus.OPEN : OrderStatus.PARTIALLY_FILLED,
                null,
                event.atMillis());
    }

    /** The same order after it ended. */
    OrderView after(OrderClosed event) {
        return with(
                event.price(),
                event.size(),
                event.filled(),
                Quantity.ZERO,
                event.quote(),
                event.status(),
                reasonOf(event),
                event.atMillis());
    }

    private static @Nullable String reasonOf(OrderClosed event) {
        if (event.refusal() != null) {
            return event.refusal().name();
        }
        return event.reason() == null ? null : event.reason().name();
    }

    /** Whether it has ended. */
    @JsonIgnore
    public boolean isClosed() {
        return switch (status) {
            case PENDING, OPEN, PARTIALLY_FILLED -> false;
            case FILLED, CANCELLED, EXPIRED, REJECTED -> true;
        };
    }

    private OrderView with(
            @Nullable Price newPrice,
            Quantity newSize,
            Quantity newFilled,
            Quantity newRemaining,
            Usd newQuote,
            OrderStatus newStatus,
            @Nullable String newReason,
            long atMillis) {
        return new OrderView(
                orderId,
                clientOrderId,
                subaccountId,
                market,
                side,
                type,
                timeInForce,
                newPrice,
                newSize,
                newFilled,
                newRemaining,
                newQuote,
                average(newQuote, newFilled),
                reduceOnly,
                selfTrade,
                newStatus,
                newReason,
                createdAt,
                Instant.ofEpochMilli(atMillis));
    }

    private static Instant createdAt(OrderId order) {
        return Instant.ofEpochMilli(Gateway.issuedAtMillis(order.value()));
    }

    private static @Nullable Price average(Usd quote, Quantity filled) {
        return filled.signum() == 0 ? null : Amounts.price(quote, filled, RoundingMode.HALF_EVEN);
    }
}
