package io.perpetua.contracts.orders;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * An order traded. {@code size} is positive; {@code notional} is price x size; {@code fee} is owed
 * by the account (negative: a rebate); {@code realised} is the profit of what the trade closed;
 * {@code positionSize} and {@code positionCost} are the account's in this market after it. Nobody
 * recomputes these.
 */
public record OrderFilled(
        TradeId tradeId,
        OrderId orderId,
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        @Nullable String clientOrderId,
        Side side,
        Liquidity liquidity,
        Price price,
        Quantity size,
        Usd notional,
        Usd fee,
        Usd realised,
        Quantity positionSize,
        Usd positionCost,
        Quantity remaining,
        long atMillis)
        implements OrderEvent {}
