package io.perpetua.orders.domain.market;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.util.List;

/** Makes admitted commands: subaccount {@code n} is user {@code (n + 1) / 2}'s. */
final class Commands {
    static final MarketId MARKET = new MarketId(1);
    static final Rate TAKER_FEE = Rate.parse("0.00045");
    static final Rate MAKER_FEE = Rate.parse("-0.00002");

    private long lastReply;

    static Market market(MarketStatus status, long version, String maxOpenInterest) {
        return market(status, version, maxOpenInterest, "0.5", "5000");
    }

    static Market market(
            MarketStatus status,
            long version,
            String maxOpenInterest,
            String tick,
            String impactNotional) {
        return new Market(
                MARKET,
                "BTC-PERP",
                "BTC",
                "USD",
                status,
                version,
                100,
                List.of(new MarginTier(Usd.ZERO, Rate.parse("0.05"), Rate.parse("0.03"))),
                Rate.parse("0.01"),
                TAKER_FEE,
                MAKER_FEE,
                Price.parse(tick),
                Quantity.parse("0.001"),
                Quantity.parse("0.002"),
                Quantity.parse("50"),
                Quantity.parse(maxOpenInterest),
                Rate.parse("0.05"),
                Rate.parse("0.1"),
                Usd.parse(impactNotional),
                Rate.parse("0.1"),
                10_000,
                3_600_000,
                Rate.parse("0.04"),
                Rate.parse("0.1"),
                "btc");
    }

    static UserId userOf(long subaccount) {
        return new UserId((subaccount + 1) / 2);
    }

    Reply reply() {
        return new Reply(0, ++lastReply);
    }

    PlaceOrder order(
            long id,
            long subaccount,
            Side side,
            OrderType type,
            TimeInForce timeInForce,
            String price,
            String size,
            boolean reduceOnly,
            SelfTrade selfTrade,
            long validUntilMillis) {
        return new PlaceOrder(
                new OrderId(id),
                userOf(subaccount),
                new SubaccountId(subaccount),
                MARKET,
                "order-" + id,
                side,
                type,
                timeInForce,
                type == OrderType.LIMIT ? Price.parse(price) : null,
                Quantity.parse(size),
                reduceOnly,
                selfTrade,
                validUntilMillis,
                0,
                reply());
    }

    OrderAdmitted admitted(PlaceOrder command, String limit) {
        return new OrderAdmitted(
                command,
                Price.parse(limit),
                command.reduceOnly(),
                TAKER_FEE,
                MAKER_FEE,
                command.user().value(),
                1);
    }

    OrderAdmitted limit(long id, long subaccount, Side side, String price, String size) {
        return limit(id, subaccount, side, price, size, TimeInForce.GTC);
    }

    OrderAdmitted limit(
            long id,
            long subaccount,
            Side side,
            String price,
            String size,
            TimeInForce timeInForce) {
        return admitted(
                order(
                        id,
                        subaccount,
                        side,
                        OrderType.LIMIT,
                        timeInForce,
                        price,
                        size,
                        false,
                        SelfTrade.CANCEL_TAKER,
                        0),
                price);
    }

    OrderAdmitted reduceOnly(long id, long subaccount, Side side, String price, String size) {
        return admitted(
                order(
                        id,
                        subaccount,
                        side,
                        OrderType.LIMIT,
                        TimeInForce.GTC,
                        price,
                        size,
                        true,
                        SelfTrade.CANCEL_TAKER,
                        0),
                price);
    }

    CancelAdmitted cancel(long id, long subaccount) {
        OrderId order = new OrderId(id);
        return new CancelAdmitted(
                new CancelOrder(
                        new OrderId(1_000_000 + lastReply),
                        userOf(subaccount),
                        new SubaccountId(subaccount),
                        MARKET,
                        order,
                        null,
                        0,
                        reply()),
                order);
    }

    CancelAllAdmitted cancelAll(long subaccount) {
        return new CancelAllAdmitted(
                new CancelAllOrders(
                        new OrderId(1_000_000 + lastReply),
                        userOf(subaccount),
                        new SubaccountId(subaccount),
                        MARKET,
                        0,
                        reply()));
    }

    AmendAdmitted amend(long id, long subaccount, String price, String size) {
        OrderId order = new OrderId(id);
        return new AmendAdmitted(
                new AmendOrder(
                        new OrderId(1_000_000 + lastReply),
                        userOf(subaccount),
                        new SubaccountId(subaccount),
                        MARKET,
                        order,
                        null,
                        price == null ? null : Price.parse(price),
                        size == null ? null : Quantity.parse(size),
                        0,
                        reply()),
                order,
                1);
    }
}
