package io.perpetua.contracts.orders;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.ContentHash;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a new order.
 *
 * <p>{@code price} is set for limit orders only; {@code validUntilMillis} is 0 where nothing bounds
 * the order's arrival. A client order id makes the command repeatable: same content gets the first
 * answer, other content is refused.
 */
public record PlaceOrder(
        OrderId orderId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable String clientOrderId,
        Side side,
        OrderType orderType,
        TimeInForce timeInForce,
        @Nullable Price price,
        Quantity size,
        boolean reduceOnly,
        SelfTrade selfTrade,
        long validUntilMillis,
        long sentAtMillis,
        @Nullable Reply reply,
        @Nullable AgentNonce nonce)
        implements OrderCommand {
    /** As a user sends it, who needs no nonce. */
    public PlaceOrder(
            OrderId orderId,
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            @Nullable String clientOrderId,
            Side side,
            OrderType orderType,
            TimeInForce timeInForce,
            @Nullable Price price,
            Quantity size,
            boolean reduceOnly,
            SelfTrade selfTrade,
            long validUntilMillis,
            long sentAtMillis,
            @Nullable Reply reply) {
        this(
                orderId,
                user,
                subaccount,
                market,
                clientOrderId,
                side,
                orderType,
                timeInForce,
                price,
                size,
                reduceOnly,
                selfTrade,
                validUntilMillis,
                sentAtMillis,
                reply,
                null);
    }

    @Override
    public OrderId commandId() {
        return orderId;
    }

    /**
     * Equal for a repeat of the same request: over what the client asked for, not over ids and
     * times that the gateway adds.
     */
    public long contentHash() {
        return ContentHash.of(
                subaccount.toString(),
                market.toString(),
                side.name(),
                orderType.name(),
                timeInForce.name(),
                price == null ? "" : price.toString(),
                size.toString(),
                Boolean.toString(reduceOnly),
                selfTrade.name());
    }
}
