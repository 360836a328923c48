package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A market under random commands, crashes and changes of its definition. */
class MarketEngineSimulationTest {
    private static final int COMMANDS = 2_000;
    private static final int SUBACCOUNTS = 8;
    private static final long MIDDLE_TICKS = 100_000;
    private static final String CAP = "6";
    private static final List<TimeInForce> TIMES = List.of(TimeInForce.values());
    private static final List<SelfTrade> SELF_TRADES = List.of(SelfTrade.values());
    private static final List<MarketStatus> STATUSES = List.of(MarketStatus.values());

    /** Of these one: a definition, a command, or how many orders an ended market may close. */
    private record Input(Market definition, Admission admission, int closing, long atMillis) {}

    private final Commands commands = new Commands();
    private final Published published = new Published();
    private final StoredRows rows = new StoredRows();
    private final EventLedger ledger = new EventLedger();
    private MarketEngine engine = rows.load();
    private final List<Input> log = new ArrayList<>();
    private long now = 1_800_000_000_000L;
    private long lastId;
    private long version;
    private MarketStatus status = MarketStatus.ACTIVE;
    private int closures;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldKeepEveryInvariantWhenCommandsAreRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < COMMANDS; step++) {
            try {
                step(random);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ", step " + step, failure);
            }
        }
        assertThat(engine.state().trades()).isGreaterThan(COMMANDS / 20);
        assertThat(closures).isPositive();
        assertThat(engine.stateHash()).as("seed %d", seed).isEqualTo(replayed().stateHash());
    }

    /** The same inputs at the same times, without a crash. */
    private MarketEngine replayed() {
        MarketEngine fresh = MarketEngine.empty(Commands.MARKET, new TradeIds(1), PastOrders.NONE);
        for (Input input : log) {
            if (input.definition() != null) {
                fresh.apply(input.definition(), input.atMillis(), published);
            } else if (input.closing() > 0) {
                fresh.closeResting(input.closing(), input.atMillis(), published);
            } else {
                fresh.decide(input.admission(), input.atMillis(), published);
            }
            published.drain();
        }
        return fresh;
    }

    private void step(SplittableRandom random) {
        now += random.nextInt(5);
        if (version == 0 || random.nextInt(60) == 0) {
            changeMarket(random);
        }
        if (random.nextInt(4) == 0) {
            closeResting(1 + random.nextInt(4));
        }
        Admission command = command(random);

        log.add(new Input(null, command, 0, now));
        engine.decide(command, now, published);

        ledger.take(
                List.copyOf(published.events),
                List.copyOf(published.trades),
                command.command().reply());
        published.drain();
        ledger.assertAgrees(engine);
        assertThat(engine.openInterest()).isLessThanOrEqualTo(Quantity.parse(CAP));
        if (random.nextInt(3) == 0) {
            commitAndReload(random.nextInt(4) == 0);
        }
        if (command instanceof OrderAdmitted placed && !engine.hasChanges()) {
            assertThat(rows.progressOf(placed.command().orderId().value()).first()).isNotNull();
        }
    }

    private void commitAndReload(boolean crash) {
        rows.write(engine.takeChanges());
        assertThat(engine.hasChanges()).isFalse();
        MarketEngine loaded = rows.load();
        assertThat(loaded.stateHash()).isEqualTo(engine.stateHash());
        if (crash) {
            engine = loaded;
        }
    }

    private void changeMarket(SplittableRandom random) {
        status =
                random.nextInt(3) == 0
                        ? STATUSES.get(random.nextInt(STATUSES.size()))
                        : MarketStatus.ACTIVE;
        Market definition = Commands.market(status, ++version, CAP);
        log.add(new Input(definition, null, 0, now));
        engine.apply(definition, now, published);
        published.drain();
    }

    private void closeResting(int most) {
        int resting = ledger.resting();
        log.add(new Input(null, null, most, now));
        engine.closeResting(most, now, published);

        ledger.takeClosures(List.copyOf(published.events), List.copyOf(published.trades));
        published.drain();
        ledger.assertAgrees(engine);
        int closed = resting - ledger.resting();
        assertThat(closed).isEqualTo(status.isEnded() ? Math.min(most, resting) : 0);
        closures += closed;
    }

    private Admission command(SplittableRandom random) {
        long subaccount = 1L + random.nextInt(SUBACCOUNTS);
        int kind = random.nextInt(100);
        if (kind < 65 || lastId == 0) {
            return place(random);
        }
        long id = Math.max(1, lastId - random.nextInt(60));
        long owner = random.nextInt(12) == 0 ? subaccount : ownerOf(id);
        if (kind < 78) {
            return commands.cancel(id, owner);
        }
        if (kind < 98) {
            return commands.amend(
                    id,
                    owner,
                    random.nextBoolean() ? price(random) : null,
                    random.nextBoolean() ? size(random) : null);
        }
        return kind == 98
                ? commands.cancelAll(subaccount)
                : new PlacementRefused(place(random).command(), Refusal.MARGIN_INSUFFICIENT);
    }

    private OrderAdmitted place(SplittableRandom random) {
        long id = ++lastId;
        long subaccount = ownerOf(id);
        boolean market = random.nextInt(5) == 0;
        String price = price(random);
        PlaceOrder order =
                commands.order(
                        id,
                        subaccount,
                        random.nextBoolean() ? Side.BUY : Side.SELL,
                        market ? OrderType.MARKET : OrderType.LIMIT,
                        random.nextBoolean()
                                ? TimeInForce.GTC
                                : TIMES.get(random.nextInt(TIMES.size())),
                        price,
                        size(random),
                        random.nextInt(4) == 0,
                        SELF_TRADES.get(random.nextInt(SELF_TRADES.size())),
                        random.nextInt(10) == 0 ? now - 2 + random.nextInt(5) : 0);
        if (order.reduceOnly()) {
            ledger.expectReduceOnly(id);
        }
        return commands.admitted(order, price);
    }

    private static long ownerOf(long orderId) {
        return 1 + orderId * 7 % SUBACCOUNTS;
    }

    private static String price(SplittableRandom random) {
        long ticks = MIDDLE_TICKS + random.nextLong(-12, 13);
        long units = ticks * Price.parse("0.5").units();
        return new Price(random.nextInt(50) == 0 ? units + 1 : units).toString();
    }

    private static String size(SplittableRandom random) {
        long steps = 1 + random.nextLong(random.nextInt(20) == 0 ? 3_000 : 900);
        return new Quantity(steps * Quantity.parse("0.001").units()).toString();
    }
}
