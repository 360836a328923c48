package io.perpetua.contracts.orders;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
        @Nullable Reply reply)
        implements OrderCommand {
    @Override
    public OrderId commandId() {
        return orderId;
    }

    /**
     * The first 64 bits of SHA-256 over what the client asked for (not over ids and times that the
     * gateway adds): equal for a repeat of the same request.
     */
    public long contentHash() {
        String content =
                String.join(
                        "|",
                        subaccount.toString(),
                        market.toString(),
                        side.name(),
                        orderType.name(),
                        timeInForce.name(),
                        price == null ? "" : price.toString(),
                        size.toString(),
                        Boolean.toString(reduceOnly),
                        selfTrade.name());
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
