package io.perpetua.demo.client;

import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A wish for an order; {@code price} is null for market orders. */
public record OrderRequest(
        String market,
        Side side,
        OrderType type,
        TimeInForce timeInForce,
        @Nullable Price price,
        Quantity size,
        boolean reduceOnly) {
    /** A limit order. */
    public static OrderRequest limit(
            String market, Side side, TimeInForce timeInForce, Price price, Quantity size) {
        return new OrderRequest(market, side, OrderType.LIMIT, timeInForce, price, size, false);
    }

    /** An order that takes what there is, within the market's slippage. */
    public static OrderRequest market(String market, Side side, Quantity size) {
        return new OrderRequest(market, side, OrderType.MARKET, TimeInForce.IOC, null, size, false);
    }

    /** The same order, allowed only to reduce the position. */
    public OrderRequest reducing() {
        return new OrderRequest(market, side, type, timeInForce, price, size, true);
    }

    Map<String, Object> body(String subaccount, String clientOrderId) {
        return Api.body(
                "subaccountId",
                subaccount,
                "market",
                market,
                "side",
                side.name(),
                "type",
                type.name(),
                "timeInForce",
                timeInForce.name(),
                "price",
                price == null ? null : price.toString(),
                "size",
                size.toString(),
                "reduceOnly",
                reduceOnly,
                "clientOrderId",
                clientOrderId);
    }
}
