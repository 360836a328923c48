package io.perpetua.bench;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What a small exchange sends: five markets at a mark of 50,000, funded accounts, and orders of
 * which a little more than half rest near the mark and the others cross. The same every time but
 * for the clock.
 */
final class RecoveryInput {
    static final int MARKETS = 5;
    static final long MARK_UNITS = Price.parse("50000").units();
    static final long TICK_UNITS = BenchMarket.TICK.units();

    private static final long STEP_UNITS = BenchMarket.STEP.units();
    private static final int LEVELS = 1_000;
    private static final int LARGEST_STEPS = 10;
    private static final int CROSSING_PERCENT = 45;
    private static final Usd FUNDS = Usd.ofDollars(10_000_000);

    /** No living gateway has the highest number: they take the lowest that is free. */
    private static final int NO_GATEWAY = 31;

    /** Nobody sends marks while this is measured. */
    private static final long MARKS_STALE_AFTER_MILLIS = Duration.ofDays(1).toMillis();

    private static final long IDS_BEGIN_MILLIS = 1_767_225_600_000L;
    private static final int ID_BITS_BELOW_MILLIS = 13;

    private final Journal journal;
    private final SplittableRandom random = new SplittableRandom(1);
    private final long nowMillis = System.currentTimeMillis();
    private long nextId =
            (nowMillis - Duration.ofHours(1).toMillis() - IDS_BEGIN_MILLIS) << ID_BITS_BELOW_MILLIS;

    RecoveryInput(Journal journal) {
        this.journal = journal;
    }

    /** The catalogue, on its two ways, and the marks. */
    void markets() {
        for (int i = 1; i <= MARKETS; i++) {
            Market market = BenchMarket.of(new MarketId(i), MARKS_STALE_AFTER_MILLIS);
            int partition = Partitions.of(market.id());
            journal.event(
                    Topics.MARKET_CHANGES,
                    partition,
                    EventCodec.encode(MarketChanged.class, new MarketChanged(market, nowMillis)));
            journal.newest(
                    Topics.MARKETS,
                    partition,
                    market.id().toString(),
                    EventCodec.encode(Market.class, market));
            Price mark = new Price(MARK_UNITS);
            journal.newest(
                    Topics.MARK_PRICES,
                    partition,
                    market.id().toString(),
                    EventCodec.encode(
                            MarkPrice.class, new MarkPrice(market.id(), 1, mark, mark, nowMillis)));
        }
        journal.flush();
    }

    /** Users 1 to {@code count}, each with one funded subaccount of the same number. */
    void accounts(int count) {
        for (int i = 1; i <= count; i++) {
            UserId user = new UserId(i);
            SubaccountId subaccount = new SubaccountId(i);
            user(new SubaccountOpened(user, subaccount, 0, "0x%040x".formatted(i), nowMillis));
            user(
                    new CollateralCredited(
                            user, subaccount, "USDC", FUNDS, "bench-" + i, 1, nowMillis));
        }
        journal.flush();
    }

    private void user(UserEvent event) {
        journal.event(
                Topics.USER_EVENTS,
                Partitions.of(event.user()),
                EventCodec.encode(UserEvent.class, event));
    }

    /** Placements of these accounts, in turn. */
    void placements(int count, int accounts) {
        for (int i = 0; i < count; i++) {
            PlaceOrder command = placement(i, 1 + i % accounts);
            journal.command(
                    Topics.ORDER_COMMANDS,
                    Partitions.of(command.user()),
                    EventCodec.encode(OrderCommand.class, command));
        }
        journal.flush();
    }

    private PlaceOrder placement(int number, int account) {
        boolean buys = random.nextBoolean();
        boolean crosses = random.nextInt(100) < CROSSING_PERCENT;
        long distance = crosses ? LEVELS : -random.nextLong(1, LEVELS + 1);
        long price = MARK_UNITS + (buys ? distance : -distance) * TICK_UNITS;
        return new PlaceOrder(
                new OrderId(nextId++),
                new UserId(account),
                new SubaccountId(account),
                new MarketId(random.nextInt(1, MARKETS + 1)),
                "bench-" + number,
                buys ? Side.BUY : Side.SELL,
                OrderType.LIMIT,
                crosses ? TimeInForce.IOC : TimeInForce.GTC,
                new Price(price),
                new Quantity(random.nextLong(1, LARGEST_STEPS + 1) * STEP_UNITS),
                false,
                SelfTrade.CANCEL_MAKER,
                0,
                nowMillis,
                new Reply(NO_GATEWAY, number + 1L));
    }
}
