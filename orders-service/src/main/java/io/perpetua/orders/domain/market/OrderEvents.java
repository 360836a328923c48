package io.perpetua.orders.domain.market;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.OrderAmended;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts an order as it stands into the words of the contracts. */
final class OrderEvents {
    private OrderEvents() {}

    static OrderOpened opened(Order order, long nowMillis, @Nullable Reply reply) {
        return new OrderOpened(
                order.id(),
                order.user(),
                order.subaccount(),
                order.market(),
                order.clientOrderId(),
                order.side(),
                order.orderType(),
                order.timeInForce(),
                limitOf(order),
                order.size(),
                order.filled(),
                order.quote(),
                order.terms().reduceOnly(),
                order.version(),
                nowMillis,
                reply);
    }

    static OrderAmended amended(Order order, long nowMillis) {
        return new OrderAmended(
                order.id(),
                order.user(),
                order.subaccount(),
                order.market(),
                order.clientOrderId(),
                limitOf(order),
                order.size(),
                order.remaining(),
                order.version(),
                nowMillis);
    }

    static OrderClosed closed(Order order, long nowMillis, @Nullable Reply reply) {
        return new OrderClosed(
                order.id(),
                order.user(),
                order.subaccount(),
                order.market(),
                order.clientOrderId(),
                order.status(),
                order.refusal(),
                order.reason(),
                order.side(),
                order.orderType(),
                order.timeInForce(),
                order.price(),
                order.size(),
                order.filled(),
                order.quote(),
                nowMillis,
                reply);
    }

    static OrderFilled filled(
            Order order,
            TradeId trade,
            Liquidity liquidity,
            Price price,
            Quantity size,
            Usd notional,
            Usd fee,
            Usd realised,
            Position position,
            long nowMillis) {
        return new OrderFilled(
                trade,
                order.id(),
                order.user(),
                order.subaccount(),
                order.market(),
                order.clientOrderId(),
                order.side(),
                liquidity,
                price,
                size,
                notional,
                fee,
                realised,
                position.size(),
                position.cost(),
                order.remaining(),
                nowMillis);
    }

    static CommandRefused refused(
            OrderCommand command, @Nullable OrderId order, Refusal refusal, long nowMillis) {
        return new CommandRefused(
                command.commandId(),
                command.user(),
                command.subaccount(),
                command.market(),
                order,
                refusal,
                nowMillis,
                command.reply());
    }

    private static Price limitOf(Order order) {
        return Objects.requireNonNull(order.limit());
    }
}
