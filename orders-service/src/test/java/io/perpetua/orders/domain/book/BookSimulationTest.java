package io.perpetua.orders.domain.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast book against the obvious one: the same random commands, the same events and state. */
class BookSimulationTest {
    private static final int COMMANDS = 800;
    private static final int ACCOUNTS = 7;
    private static final long MIDDLE = 1_000;
    private static final List<SelfTrade> SELF_TRADES = List.of(SelfTrade.values());

    private final BookJournal told = new BookJournal();
    private final OrderBook book = new OrderBook(told, told);
    private final BookJournal expected = new BookJournal();
    private final NaiveBook naive = new NaiveBook(expected);
    private long lastId;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldDoAsTheObviousBookWhenCommandsAreRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int spread = 2 + random.nextInt(200);
        for (int step = 0; step < COMMANDS; step++) {
            String command = act(random, spread);

            String where = "seed " + seed + ", step " + step + ": " + command;
            assertThat(told.drain()).as(where).isEqualTo(expected.drain());
            assertInvariants(where);
        }
        assertThat(told.positions().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(expected.positions().values().stream().mapToLong(Long::longValue).sum());
    }

    private String act(SplittableRandom random, int spread) {
        int kind = random.nextInt(100);
        long id = 1 + random.nextLong(lastId + 1);
        long account = random.nextInt(10) == 0 ? random.nextInt(ACCOUNTS) : ownerOf(id);
        long price = MIDDLE + random.nextInt(spread) - spread / 2;
        long size = random.nextInt(40) == 0 ? random.nextInt(3) - 2 : 1 + random.nextInt(20);
        SelfTrade selfTrade = SELF_TRADES.get(random.nextInt(SELF_TRADES.size()));
        if (kind < 60) {
            return place(random, price, size, selfTrade);
        }
        if (kind < 70) {
            book.cancel(id, account);
            naive.cancel(id, account);
            return "cancel " + id + " of " + account;
        }
        if (kind < 78) {
            book.reduceBy(id, account, size);
            naive.reduceBy(id, account, size);
            return "reduce " + id + " of " + account + " by " + size;
        }
        if (kind < 98) {
            book.amend(id, account, price, size, selfTrade);
            naive.amend(id, account, price, size, selfTrade);
            return "amend " + id + " of " + account + " to " + size + " @" + price;
        }
        long holder = 1L + random.nextInt(ACCOUNTS - 1);
        long held = random.nextInt(60) - 30L;
        told.setSize(holder, held);
        expected.setSize(holder, held);
        book.trim(holder);
        naive.trim(holder);
        return "account " + holder + " now holds " + held;
    }

    private String place(SplittableRandom random, long price, long size, SelfTrade selfTrade) {
        boolean duplicate = random.nextInt(50) == 0;
        long id = duplicate ? 1 + random.nextLong(lastId + 1) : ++lastId;
        lastId = Math.max(lastId, id);
        long account = ownerOf(id);
        Placement order = new Placement();
        if (random.nextBoolean()) {
            order.buy(id, random.nextInt(30) == 0 ? Placement.HIGHEST_PRICE : price, size);
        } else {
            order.sell(id, random.nextInt(30) == 0 ? Placement.LOWEST_PRICE : price, size);
        }
        int kind = random.nextInt(20);
        TimeInForce timeInForce =
                Math.abs(order.price) == Placement.HIGHEST_PRICE || kind < 3
                        ? TimeInForce.IOC
                        : kind < 6
                                ? TimeInForce.FOK
                                : kind < 8 ? TimeInForce.POST_ONLY : TimeInForce.GTC;
        order.of(account, (account + 1) / 2)
                .timeInForce(timeInForce)
                .selfTrade(selfTrade)
                .reduceOnly(random.nextInt(4) == 0);
        if (kind == 3) {
            order.fillOrKillWithin(size * MIDDLE + random.nextInt(21) - 10);
        }
        if (!book.contains(id)) {
            told.expect(order);
            expected.expect(order);
        }
        book.place(order);
        naive.place(order);
        return "place %d of %d: %s %d @%d %s%s"
                .formatted(
                        id,
                        account,
                        order.buy ? "buy" : "sell",
                        size,
                        order.price,
                        timeInForce,
                        order.reduceOnly ? " reduce-only" : "");
    }

    /** An order id keeps its account, also when it comes a second time. */
    private static long ownerOf(long id) {
        return id % ACCOUNTS;
    }

    private void assertInvariants(String where) {
        assertThat(book.stateHash()).as(where).isEqualTo(hashOf(naive));
        if (!book.isEmpty(true) && !book.isEmpty(false)) {
            assertThat(book.bestPrice(true)).as(where).isLessThan(book.bestPrice(false));
        }
        Map<Long, Long> reducing = new HashMap<>();
        long[] resting = new long[1];
        book.forEachOrder(
                (id, account, group, buy, price, remaining, reduceOnly, postOnly, priority) -> {
                    assertThat(remaining).as(where).isPositive().isEqualTo(told.remaining(id));
                    resting[0] += remaining;
                    if (reduceOnly) {
                        reducing.merge(account, buy ? -remaining : remaining, Long::sum);
                    }
                });
        assertThat(resting[0]).as(where).isEqualTo(told.remaining());
        reducing.forEach(
                (account, size) -> {
                    long held = told.sizeOf(account);
                    assertThat(size * Long.signum(held)).as(where).isPositive();
                    assertThat(Math.abs(size)).as(where).isLessThanOrEqualTo(Math.abs(held));
                });
        assertLevels(where, true);
        assertLevels(where, false);
    }

    private void assertLevels(String where, boolean buy) {
        Map<Long, Long> sizes = new HashMap<>();
        naive.queue(buy).forEach(order -> sizes.merge(order.price, order.remaining, Long::sum));
        Map<Long, Long> seen = new HashMap<>();
        book.forEachLevel(
                buy,
                (price, size, orders) -> {
                    assertThat(orders).as(where).isPositive();
                    return seen.put(price, size) == null;
                });
        assertThat(seen).as(where).isEqualTo(sizes);
    }

    private static long hashOf(NaiveBook naive) {
        StateHash hash = new StateHash();
        for (boolean buy : List.of(true, false)) {
            naive.queue(buy)
                    .forEach(
                            order ->
                                    hash.visit(
                                            order.id,
                                            order.account,
                                            order.group,
                                            buy,
                                            order.price,
                                            order.remaining,
                                            order.reduceOnly,
                                            order.postOnly,
                                            order.priority));
        }
        return hash.value();
    }
}
