package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Retention;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.HistoryStore;
import io.perpetua.marketdata.persistence.TickStore;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Partitions made ahead and dropped by age, under a clock that the test moves. */
class MaintainHistoryIT {
    private static final Instant START = Instant.parse("2026-01-30T10:00:00Z");
    private static final Retention KEPT = new Retention(2, 60);

    private static final List<String> TABLES =
            List.of(TickStore.MARK, TickStore.ORACLE, HistoryStore.MINUTES);

    private final HistoryStore history = new HistoryStore();
    private final PGSimpleDataSource shard = new PGSimpleDataSource();
    private Database database;
    private MaintainHistoryHandler handler;

    @BeforeEach
    void migrate() {
        database = Backends.shared().createDatabase();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), "market_data_owner", database.password())
                .defaultSchema("market_data")
                .createSchemas(false)
                .locations("db/eventlog", "db/migration")
                .load()
                .migrate();
        shard.setUrl(database.jdbcUrl());
        shard.setUser("market_data_shard");
        shard.setPassword(database.password());
        shard.setCurrentSchema("market_data");
        handler = new MaintainHistoryHandler(shard, history);
    }

    @Test
    void shouldMakeWhatIsAheadAndDropWhatIsOldWhenTheClockMoves() throws SQLException {
        assertThat(maintain(START)).isEqualTo(new MaintainHistoryHandler.Maintained(4 + 4 + 4, 0));
        assertThat(partitions(HistoryStore.MINUTES))
                .containsExactly(
                        "candle_1m_2026_01",
                        "candle_1m_2026_02",
                        "candle_1m_2026_03",
                        "candle_1m_2026_04");
        assertThat(partitions(TickStore.MARK))
                .containsExactly(
                        "mark_tick_2026_01_30",
                        "mark_tick_2026_01_31",
                        "mark_tick_2026_02_01",
                        "mark_tick_2026_02_02");
        assertThat(maintain(START)).isEqualTo(new MaintainHistoryHandler.Maintained(0, 0));
        store(START, START.plus(Duration.ofDays(20)));

        Instant afterTwoDays = Instant.parse("2026-02-02T00:00:01Z");
        assertThat(maintain(afterTwoDays).dropped()).isEqualTo(2);
        assertThat(partitions(TickStore.ORACLE)).first().isEqualTo("oracle_tick_2026_01_31");
        assertThat(count(Frame.MINUTE)).isEqualTo(2);

        assertThat(maintain(Instant.parse("2026-04-01T23:59:59Z")).made()).isPositive();
        assertThat(partitions(HistoryStore.MINUTES)).first().isEqualTo("candle_1m_2026_01");
        maintain(Instant.parse("2026-04-02T00:00:00Z"));
        assertThat(partitions(HistoryStore.MINUTES)).first().isEqualTo("candle_1m_2026_02");
        assertThat(count(Frame.MINUTE)).isEqualTo(1);
        assertThat(count(Frame.FIVE_MINUTES)).isEqualTo(2);
        assertThat(count(Frame.DAY)).isEqualTo(2);
    }

    @Test
    void shouldKeepMinutesForEverWhenNothingElseIsSaid() throws SQLException {
        store(START);

        handler.handle(START.plus(Duration.ofDays(9_000)).toEpochMilli(), new Retention(1, 0));

        assertThat(count(Frame.MINUTE)).isEqualTo(1);
    }

    @Test
    void shouldDeleteAnImportWholeWhenSomeOfItsMinutesAreNotKeptAnyMore() throws SQLException {
        Instant later = START.plus(Duration.ofDays(90));
        store(Series.IMPORT, START, later);
        maintain(START.plus(Duration.ofDays(100)));
        assertThat(count(Frame.MINUTE)).isEqualTo(1);
        assertThat(count(Frame.DAY)).isEqualTo(2);

        long minutes;
        try (Eventlog eventlog =
                Eventlog.open(
                        EventlogSettings.of(
                                "market-data",
                                "maintain-history",
                                Backends.shared().bootstrapServers(),
                                new SimpleMeterRegistry()))) {
            minutes =
                    new DeleteImportHandler(shard, new CandleStore(), eventlog, Clock.systemUTC())
                            .handle(DemoMarkets.all().getFirst(), new Decider(7, null, null));
        }

        assertThat(minutes).isEqualTo(1);
        for (Frame frame : Frame.values()) {
            assertThat(count(frame)).as("%s", frame).isZero();
        }
    }

    @Test
    void shouldLeaveItToTheOneThatIsAtIt() throws SQLException {
        try (Connection other = database.connect("market_data_shard")) {
            other.setAutoCommit(false);
            assertThat(history.tryLead(other)).isTrue();

            assertThat(handler.handle(START.toEpochMilli(), KEPT)).isEmpty();
            assertThat(partitions(HistoryStore.MINUTES)).isEmpty();

            other.rollback();
        }
        assertThat(handler.handle(START.toEpochMilli(), KEPT)).isPresent();
    }

    /**
     * The session that makes partitions ends after it has made those of two tables, while it waits
     * for those of the third: none of them is there, and the next turn makes them all.
     */
    @Test
    void shouldMakeAllOfThemInTheNextTurnWhenItsSessionEndsHalfway() throws Exception {
        endWaiting(() -> maintain(START));
        for (String table : TABLES) {
            assertThat(partitions(table)).as(table).isEmpty();
        }

        assertThat(maintain(START).made()).isEqualTo(4 + 4 + 4);
    }

    /** A shard's batch makes the partition it misses; its session ends, and it comes again. */
    @Test
    void shouldStoreABatchOnceWhenItsSessionEndsWhileItsPartitionIsMade() throws Exception {
        store(START);
        Instant later = START.plus(Duration.ofDays(31));

        endWaiting(() -> store(later));
        assertThat(partitions(HistoryStore.MINUTES)).containsExactly("candle_1m_2026_01");
        assertThat(count(Frame.MINUTE)).isEqualTo(1);

        store(later);
        assertThat(partitions(HistoryStore.MINUTES))
                .containsExactly("candle_1m_2026_01", "candle_1m_2026_03");
        assertThat(count(Frame.MINUTE)).isEqualTo(2);
        assertThat(count(Frame.DAY)).isEqualTo(2);
    }

    /** Ends the session of what is done as soon as it waits to make partitions of minutes. */
    private void endWaiting(Callable<?> done) throws Exception {
        try (Connection other = database.connect("market_data_owner");
                Statement holder = other.createStatement();
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            holder.execute("select pg_advisory_xact_lock(hashtext('candle_1m'))");
            Future<?> ended = thread.submit(done);
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                try (Connection superuser = database.connect("postgres");
                                        Statement statement = superuser.createStatement();
                                        ResultSet waiting =
                                                statement.executeQuery(
                                                        """
                                                        select pg_terminate_backend(pid, 5000)
                                                        from pg_stat_activity
                                                        where datname = current_database()
                                                        and usename = 'market_data_shard'
                                                        and wait_event_type = 'Lock'
                                                        """)) {
                                    return waiting.next() && waiting.getBoolean(1);
                                }
                            });
            assertThat(ended).failsWithin(Duration.ofSeconds(30));
            other.rollback();
        }
    }

    /** A reader in the middle of the table neither waits for a new partition nor is waited for. */
    @Test
    void shouldMakePartitionsWhileTheTableIsRead() throws SQLException {
        store(START);
        try (Connection reader = database.connect("market_data_api");
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("select * from candle").close();

            assertThat(maintain(START.plus(Duration.ofDays(40))).made()).isPositive();

            reader.rollback();
        }
    }

    /** No partition that is made later may be open to the role that serves HTTP. */
    @Test
    void shouldGrantTheApiNothingOnPartitions() throws SQLException {
        maintain(START);
        store(START);
        assertThat(
                        names(
                                """
                                select c.relname from pg_class c
                                where c.relispartition and c.relkind in ('r', 'p')
                                and c.relnamespace = 'market_data'::regnamespace
                                and has_table_privilege('market_data_api', c.oid,
                                    'select, insert, update, delete, truncate')
                                """))
                .isEmpty();
        assertThat(
                        names(
                                """
                                select c.relname from pg_class c
                                where c.relispartition and c.relowner <> 'market_data_owner'::regrole
                                """))
                .isEmpty();
    }

    private MaintainHistoryHandler.Maintained maintain(Instant now) {
        return handler.handle(now.toEpochMilli(), KEPT).orElseThrow();
    }

    /** As a shard does: it makes the partitions it misses. */
    private int store(Instant... times) throws SQLException {
        return store(Series.ORACLE, times);
    }

    private int store(Series series, Instant... times) throws SQLException {
        CandleFold fold = new CandleFold(new MarketId(1), series);
        List<Long> millis = new ArrayList<>();
        for (Instant time : times) {
            fold.add(Candle.of(time.toEpochMilli(), Price.parse("100")));
            millis.add(time.toEpochMilli());
        }
        try (Connection connection = shard.getConnection()) {
            connection.setAutoCommit(false);
            history.make(connection, HistoryStore.MINUTES, millis);
            Writes writes = new Writes();
            CandleStore.add(writes, List.of(fold));
            writes.execute(connection);
            connection.commit();
        }
        return times.length;
    }

    private int count(Frame frame) throws SQLException {
        return Integer.parseInt(
                names(
                                "select count(*) from market_data.candle where frame_millis = "
                                        + frame.millis())
                        .getFirst());
    }

    private List<String> partitions(String parent) throws SQLException {
        return names(
                "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = 'market_data."
                        + parent
                        + "'::regclass order by 1");
    }

    private List<String> names(String query) throws SQLException {
        try (Connection owner = database.connect("market_data_owner");
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
