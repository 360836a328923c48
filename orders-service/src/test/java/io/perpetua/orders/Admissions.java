package io.perpetua.orders;

import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A seeded stream of admissions: a few users who quote, take, amend and cancel around a price. */
public final class Admissions {
    private static final int USERS = 6;

    private final SplittableRandom random;
    private final List<Market> markets;
    private final List<PlaceOrder> placed = new ArrayList<>();
    private long sent;

    /** Of these markets. */
    public Admissions(long seed, List<Market> markets) {
        random = new SplittableRandom(seed);
        this.markets = markets;
    }

    /** A market with usual rules, active. */
    public static Market market(int id, String symbol) {
        return new Market(
                new MarketId(id),
                symbol,
                symbol.substring(0, 3),
                "USD",
                MarketStatus.ACTIVE,
                1,
                20,
                List.of(new MarginTier(Usd.ZERO, Rate.ofBasisPoints(500), Rate.ofBasisPoints(300))),
                Rate.ofBasisPoints(100),
                Rate.ofBasisPoints(5),
                Rate.ofBasisPoints(-1),
                Price.parse("0.1"),
                Quantity.parse("0.001"),
                Quantity.parse("0.001"),
                Quantity.parse("1000"),
                Quantity.parse("100000"),
                Rate.ofBasisPoints(500),
                Rate.ofBasisPoints(1000),
                Usd.ofDollars(10_000),
                Rate.ofBasisPoints(1000),
                10_000,
                3_600_000,
                Rate.ofBasisPoints(75),
                Rate.ofBasisPoints(10),
                symbol);
    }

    /** How many admissions this has given out. */
    public long sent() {
        return sent;
    }

    /** So many more. */
    public List<Admission> next(int count) {
        List<Admission> next = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sent++;
            next.add(next());
        }
        return next;
    }

    private Admission next() {
        int kind = random.nextInt(100);
        if (placed.isEmpty() || kind < 70) {
            return place();
        }
        PlaceOrder old = placed.get(random.nextInt(placed.size()));
        OrderId id = new OrderId(sent);
        if (kind < 82) {
            return new CancelAdmitted(
                    new CancelOrder(
                            id,
                            old.user(),
                            old.subaccount(),
                            old.market(),
                            old.orderId(),
                            null,
                            0,
                            null),
                    old.orderId());
        }
        if (kind < 94) {
            return new AmendAdmitted(
                    new AmendOrder(
                            id,
                            old.user(),
                            old.subaccount(),
                            old.market(),
                            old.orderId(),
                            null,
                            random.nextBoolean() ? price() : null,
                            size(),
                            0,
                            null),
                    old.orderId(),
                    1);
        }
        return kind < 97
                ? new CancelAllAdmitted(
                        new CancelAllOrders(
                                id, old.user(), old.subaccount(), old.market(), 0, null))
                : new PlacementRepeated(
                        new PlaceOrder(
                                id,
                                old.user(),
                                old.subaccount(),
                                old.market(),
                                old.clientOrderId(),
                                old.side(),
                                old.orderType(),
                                old.timeInForce(),
                                old.price(),
                                old.size(),
                                old.reduceOnly(),
                                old.selfTrade(),
                                0,
                                0,
                                null),
                        old.orderId());
    }

    private Admission place() {
        long user = 1L + random.nextInt(USERS);
        Price price = price();
        PlaceOrder order =
                new PlaceOrder(
                        new OrderId(sent),
                        new UserId(user),
                        new SubaccountId(100 + user),
                        markets.get(random.nextInt(markets.size())).id(),
                        random.nextBoolean() ? "client-" + sent : null,
                        random.nextBoolean() ? Side.BUY : Side.SELL,
                        OrderType.LIMIT,
                        anyOf(TimeInForce.values()),
                        price,
                        size(),
                        random.nextInt(10) == 0,
                        anyOf(SelfTrade.values()),
                        0,
                        0,
                        null);
        if (random.nextInt(20) == 0) {
            return new PlacementRefused(order, Refusal.MARGIN_INSUFFICIENT);
        }
        placed.add(order);
        return new OrderAdmitted(
                order,
                price,
                order.reduceOnly(),
                Rate.ofBasisPoints(5),
                Rate.ofBasisPoints(-1),
                user,
                1);
    }

    private <T> T anyOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private Price price() {
        return new Price((10_000L + random.nextInt(-20, 21)) * 10_000_000L);
    }

    private Quantity size() {
        return new Quantity((1L + random.nextInt(50)) * 100_000L);
    }
}
