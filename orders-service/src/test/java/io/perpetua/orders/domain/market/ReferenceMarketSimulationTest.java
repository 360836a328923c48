package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.BookLevel;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.orders.domain.book.ReferenceMarket;
import io.perpetua.orders.domain.book.ReferenceMarket.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The market against the obvious one: the same random commands, the same orders and trades. */
class ReferenceMarketSimulationTest {
    private static final int COMMANDS = 600;
    private static final int SUBACCOUNTS = 6;
    private static final List<TimeInForce> TIMES = List.of(TimeInForce.values());
    private static final List<SelfTrade> SELF_TRADES = List.of(SelfTrade.values());

    private final Market definition = Commands.market(MarketStatus.ACTIVE, 1, "6");
    private final Commands commands = new Commands();
    private final Published published = new Published();
    private final ReferenceMarket reference = new ReferenceMarket(definition);
    private final MarketEngine engine =
            MarketEngine.empty(Commands.MARKET, new TradeIds(1), (id, subaccount) -> false);
    private final Map<Long, Order> orders = new HashMap<>();
    private final List<String> trades = new ArrayList<>();
    private long lastId;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldDoAsTheObviousMarketWhenCommandsAreRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        engine.apply(definition, 0, published);
        published.drain();
        for (int step = 0; step < COMMANDS; step++) {
            Admission command = command(random);

            engine.decide(command, 1_800_000_000_000L + step, published);
            reference.decide(command);

            engine.takeChanges().orders().forEach(order -> orders.put(order.id().value(), order));
            published.trades.forEach(
                    trade ->
                            trades.add(
                                    trade.takerSide() + " " + trade.size() + " @" + trade.price()));
            published.drain();
            assertAgrees("seed " + seed + ", step " + step + ": " + command);
        }
        assertThat(trades).hasSizeGreaterThan(COMMANDS / 20);
    }

    private void assertAgrees(String where) {
        assertThat(reference.orders()).as(where).hasSameSizeAs(orders.values());
        for (ReferenceMarket.Order expected : reference.orders()) {
            Order order = orders.get(expected.id());
            assertThat(
                            List.of(
                                    order.status(),
                                    String.valueOf(reason(order)),
                                    String.valueOf(order.price()),
                                    order.size(),
                                    order.filled(),
                                    order.remaining(),
                                    order.quote().micros()))
                    .as("order %d, %s", expected.id(), where)
                    .isEqualTo(
                            List.of(
                                    expected.status(),
                                    String.valueOf(expected.reason()),
                                    String.valueOf(expected.price()),
                                    expected.size(),
                                    expected.filled(),
                                    expected.remaining(),
                                    expected.quoteMicros()));
        }
        assertThat(trades)
                .as(where)
                .isEqualTo(
                        reference.trades().stream()
                                .map(t -> t.takerSide() + " " + t.size() + " @" + t.price())
                                .toList());
        var depth = engine.depth(1_000, 0);
        assertThat(levels(depth.bids())).as(where).isEqualTo(reference.levels(true));
        assertThat(levels(depth.asks())).as(where).isEqualTo(reference.levels(false));
    }

    private static Object reason(Order order) {
        return order.refusal() == null ? order.reason() : order.refusal();
    }

    private static List<Level> levels(List<BookLevel> side) {
        return side.stream().map(level -> new Level(level.price(), level.size())).toList();
    }

    private Admission command(SplittableRandom random) {
        int kind = random.nextInt(100);
        if (kind < 65 || lastId == 0) {
            return place(random);
        }
        long id = Math.max(1, lastId - random.nextInt(40));
        long owner = random.nextInt(12) == 0 ? 1L + random.nextInt(SUBACCOUNTS) : ownerOf(id);
        if (kind < 76) {
            return commands.cancel(id, owner);
        }
        if (kind < 97) {
            return commands.amend(
                    id,
                    owner,
                    random.nextBoolean() ? price(random) : null,
                    random.nextBoolean() ? size(random) : null);
        }
        return kind < 99
                ? commands.cancelAll(owner)
                : new PlacementRefused(order(random), Refusal.MARGIN_INSUFFICIENT);
    }

    private Admission place(SplittableRandom random) {
        return commands.admitted(order(random), price(random));
    }

    private PlaceOrder order(SplittableRandom random) {
        long id = ++lastId;
        return commands.order(
                id,
                ownerOf(id),
                random.nextBoolean() ? Side.BUY : Side.SELL,
                random.nextInt(5) == 0 ? OrderType.MARKET : OrderType.LIMIT,
                random.nextBoolean() ? TimeInForce.GTC : TIMES.get(random.nextInt(TIMES.size())),
                price(random),
                size(random),
                random.nextInt(4) == 0,
                SELF_TRADES.get(random.nextInt(SELF_TRADES.size())),
                0);
    }

    private static long ownerOf(long orderId) {
        return 1 + orderId * 7 % SUBACCOUNTS;
    }

    private static String price(SplittableRandom random) {
        long units = (100_000 + random.nextLong(-12, 13)) * Price.parse("0.5").units();
        return new Price(random.nextInt(50) == 0 ? units + 1 : units).toString();
    }

    private static String size(SplittableRandom random) {
        long steps = 1 + random.nextLong(random.nextInt(20) == 0 ? 3_000 : 900);
        return new Quantity(steps * Quantity.parse("0.001").units()).toString();
    }
}
