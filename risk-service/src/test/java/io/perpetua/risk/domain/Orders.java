package io.perpetua.risk.domain;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.util.concurrent.atomic.AtomicLong;

/** Commands and fills of one user, for tests. */
public final class Orders {
    public static final UserId USER = new UserId(16);
    public static final SubaccountId SUBACCOUNT = new SubaccountId(1600);
    private static final AtomicLong IDS = new AtomicLong(1_000);

    private Orders() {}

    public static OrderId nextId() {
        return new OrderId(IDS.incrementAndGet());
    }

    public static PlaceOrder limit(MarketId market, Side side, String price, String size) {
        return place(
                market, side, OrderType.LIMIT, TimeInForce.GTC, Price.parse(price), size, false);
    }

    public static PlaceOrder market(MarketId market, Side side, String size) {
        return place(market, side, OrderType.MARKET, TimeInForce.IOC, null, size, false);
    }

    public static PlaceOrder place(
            MarketId market,
            Side side,
            OrderType type,
            TimeInForce timeInForce,
            Price price,
            String size,
            boolean reduceOnly) {
        return place(
                nextId(),
                null,
                market,
                side,
                type,
                timeInForce,
                price,
                Quantity.parse(size),
                reduceOnly);
    }

    public static PlaceOrder place(
            OrderId id,
            String clientOrderId,
            MarketId market,
            Side side,
            OrderType type,
            TimeInForce timeInForce,
            Price price,
            Quantity size,
            boolean reduceOnly) {
        return new PlaceOrder(
                id,
                USER,
                SUBACCOUNT,
                market,
                clientOrderId,
                side,
                type,
                timeInForce,
                price,
                size,
                reduceOnly,
                SelfTrade.CANCEL_MAKER,
                0,
                0,
                new Reply(1, id.value()));
    }

    public static AmendOrder amend(MarketId market, OrderId order, String price, String size) {
        return new AmendOrder(
                nextId(),
                USER,
                SUBACCOUNT,
                market,
                order,
                null,
                price == null ? null : Price.parse(price),
                size == null ? null : Quantity.parse(size),
                0,
                null);
    }

    /** A fill that takes a position from nothing to {@code size} at {@code price}, free of fees. */
    public static OrderFilled opening(MarketId market, String price, String size) {
        Quantity held = Quantity.parse(size);
        Usd cost = Amounts.notional(Price.parse(price), held);
        return new OrderFilled(
                new TradeId(IDS.incrementAndGet()),
                nextId(),
                USER,
                SUBACCOUNT,
                market,
                null,
                held.signum() > 0 ? Side.BUY : Side.SELL,
                Liquidity.TAKER,
                Price.parse(price),
                held.abs(),
                cost.abs(),
                Usd.ZERO,
                Usd.ZERO,
                held,
                cost,
                Quantity.ZERO,
                1_000);
    }
}
