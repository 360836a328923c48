package io.perpetua.risk.app;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.rate;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.RiskDatabase;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Valuations of real rows, with a log that may fail. */
class ValuationIT {
    private static final int USERS_PER_BATCH = 2;

    private final RiskDatabase database = RiskDatabase.create();
    private final NewestMarks marks = new NewestMarks();
    private final RecordingJournal journal = new RecordingJournal();
    private long sequence;

    /** A log that takes what it is given until it is told to fail, after it took it. */
    private static final class RecordingJournal implements ValuationJournal {
        private final List<MarketValuation> markets = new ArrayList<>();
        private final List<UserValuation> users = new ArrayList<>();
        private volatile boolean fails;

        @Override
        public synchronized void publishMarkets(Collection<MarketValuation> valuations) {
            markets.addAll(valuations);
            failIfTold();
        }

        @Override
        public synchronized void publishUsers(Collection<UserValuation> valuations) {
            users.addAll(valuations);
            failIfTold();
        }

        private void failIfTold() {
            if (fails) {
                throw new IllegalStateException("killed before the commit");
            }
        }

        List<UserValuation> takeUsers() {
            List<UserValuation> taken = List.copyOf(users);
            users.clear();
            return taken;
        }
    }

    @BeforeEach
    void listMarkets() throws SQLException {
        for (MarketId id : List.of(BTC, ETH)) {
            for (int shard = 0; shard < 4; shard++) {
                String definition =
                        new String(
                                EventCodec.encode(Market.class, market(id)),
                                StandardCharsets.UTF_8);
                execute(
                        "insert into market_definitions values (%d, %s, 1, '%s')"
                                .formatted(shard, id, definition));
            }
        }
        mark(BTC, "100");
        mark(ETH, "10");
    }

    private void execute(String sql) throws SQLException {
        try (Connection shard = database.as("risk_shard").getConnection();
                Statement statement = shard.createStatement()) {
            statement.execute(sql);
        }
    }

    private void mark(MarketId market, String mark) {
        marks.put(new MarkPrice(market, ++sequence, price(mark), price(mark), 1));
    }

    /** Size in whole units, cost in whole dollars. */
    private void hold(long user, long subaccount, MarketId market, long size, long dollars)
            throws SQLException {
        execute(
                "insert into positions values (%d, %s, 7, %d, %d, %d, %d, 1, %s, 1, 0, 0, 1, null)"
                        .formatted(
                                subaccount,
                                market,
                                user,
                                user % 4,
                                size * 100_000_000,
                                dollars * 1_000_000,
                                size > 0));
    }

    private void closeAllOf(long user) throws SQLException {
        execute("update positions set size_e8 = 0, closed_at_millis = 5 where user_id = " + user);
    }

    private void makeDue() throws SQLException {
        execute("update valuation_run set due_at_millis = 0");
    }

    private static RiskConfig config() {
        return new SmallRyeConfigBuilder()
                .withMapping(RiskConfig.class)
                .withDefaultValue("perpetua.risk.users-per-valuation", "" + USERS_PER_BATCH)
                .build()
                .getConfigMapping(RiskConfig.class);
    }

    private ValueMarketsHandler markets() {
        return new ValueMarketsHandler(
                new ShardTransactions(database.as("risk_shard")), marks, journal, config());
    }

    private ValueUsersHandler users() {
        return new ValueUsersHandler(
                new ShardTransactions(database.as("risk_shard")), marks, journal, config());
    }

    private List<UserValuation> sweep() {
        ValueUsersHandler users = users();
        while (users.handle()) {
            Thread.onSpinWait();
        }
        return journal.takeUsers();
    }

    @Test
    void shouldAddUpEveryPositionOfAMarket() throws SQLException {
        // Given
        hold(1, 10, BTC, 3, 290);
        hold(1, 11, BTC, 1, 110);
        hold(2, 20, BTC, -4, -400);
        hold(2, 20, ETH, 5, 40);
        execute("insert into leverages values (10, 1, 1, 1, 3), (20, 1, 2, 2, 50)");
        execute("insert into positions values (30, 1, 7, 3, 3, 0, 0, 1, true, 1, 0, 0, 1, 2)");

        // When
        markets().handle();

        // Then: leverages 3 as chosen, 10 by default, 20 instead of 50
        MarketValuation btc = journal.markets.getFirst();
        assertThat(btc.market()).isEqualTo(BTC);
        assertThat(btc.openInterestLong()).isEqualTo(size("4"));
        assertThat(btc.openInterestShort()).isEqualTo(size("4"));
        assertThat(btc.openInterestLongUsd()).isEqualTo(usd("400"));
        assertThat(btc.openInterestShortUsd()).isEqualTo(usd("400"));
        assertThat(btc.activeTraders()).isEqualTo(2);
        assertThat(btc.averageLeverage()).isEqualTo(rate("11"));
        assertThat(btc.unrealisedPnl()).isEqualTo(usd("0"));
        assertThat(journal.markets.get(1).unrealisedPnl()).isEqualTo(usd("10"));
        assertThat(Math.abs(btc.atMillis() - System.currentTimeMillis())).isLessThan(60_000);
    }

    @Test
    void shouldValueOnceAnIntervalWhenSeveralProcessesLook() throws Exception {
        // Given
        int processes = 4;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> looks = new ArrayList<>();

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(processes)) {
            for (int i = 0; i < processes; i++) {
                ValueMarketsHandler one = markets();
                looks.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return one.handle();
                                }));
            }
            start.countDown();
            int valued = 0;
            for (Future<Boolean> look : looks) {
                valued += look.get() ? 1 : 0;
            }
            assertThat(valued).isOne();
        }

        // Then
        assertThat(journal.markets).hasSize(2);
        assertThat(markets().handle()).isFalse();
        makeDue();
        assertThat(markets().handle()).isTrue();
    }

    @Test
    void shouldValueUsersInBatchesAndOnceAtNothingWhenTheyCloseAll() throws SQLException {
        // Given
        for (long user = 1; user <= 5; user++) {
            hold(user, user * 10, BTC, 1, 90);
            hold(user, user * 10 + 1, ETH, -1, -(int) user);
        }

        // When, then
        assertThat(sweep())
                .extracting(UserValuation::user, one -> one.unrealisedPnl().toString())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 5)
                                .mapToObj(user -> tuple(new UserId(user), "" + user))
                                .toList());
        assertThat(sweep()).as("not due").isEmpty();

        closeAllOf(2);
        closeAllOf(5);
        makeDue();
        assertThat(sweep())
                .extracting(one -> one.user() + "=" + one.unrealisedPnl())
                .containsExactly("1=1", "2=0", "3=3", "4=4", "5=0");

        makeDue();
        assertThat(sweep())
                .extracting(one -> one.user() + "=" + one.unrealisedPnl())
                .containsExactly("1=1", "3=3", "4=4");
    }

    @Test
    void shouldTellThatAllIsClosedAgainWhenTheProcessDiesBeforeTheCommit() throws SQLException {
        // Given
        hold(1, 10, BTC, 1, 90);
        sweep();
        closeAllOf(1);
        makeDue();
        journal.fails = true;
        assertThatThrownBy(() -> users().handle()).hasMessageContaining("killed");
        journal.takeUsers();

        // When
        journal.fails = false;
        List<UserValuation> after = sweep();

        // Then
        assertThat(after).singleElement().matches(one -> one.unrealisedPnl().signum() == 0);
    }

    @Test
    void shouldLeaveAUserOutWhenAMarkIsNotKnownYet() throws SQLException {
        MarketId unseen = new MarketId(3);
        hold(1, 10, BTC, 1, 90);
        hold(1, 10, unseen, 1, 90);
        hold(2, 20, BTC, 1, 90);

        assertThat(sweep()).extracting(UserValuation::user).containsExactly(new UserId(2));
    }
}
