package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Retention;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.HistoryStore;
import io.perpetua.marketdata.persistence.TickStore;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.perpetua.testkit.NodeFolder;
import io.perpetua.testkit.Repository;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * History in hypertables answers as history in native partitions does: the same migrations, the
 * same statements and the same input, on PostgreSQL with TimescaleDB (in one session of a process
 * of Node.js, {@code src/test/node}) and on PostgreSQL without. Without Node.js it is skipped,
 * unless the environment says {@code CI}.
 */
class TimescaleIT {
    private static final Instant NOW = Instant.parse("2026-03-10T10:00:00Z");
    private static final MarketId MARKET = new MarketId(1);
    private static final MarketId OTHER = new MarketId(2);
    private static final int HYPERTABLES = 13;

    private static final String PREPARE =
            """
            create role market_data_owner login;
            create role market_data_shard login;
            create role market_data_api login;
            revoke all on schema public from public;
            create schema timescale;
            create extension timescaledb schema timescale;
            """;

    private static final String EMPTY =
            """
            reset role;
            drop schema if exists market_data cascade;
            create schema market_data authorization market_data_owner;
            grant usage on schema market_data to market_data_shard, market_data_api;
            alter default privileges for role market_data_owner in schema market_data
              grant select, insert, update, delete on tables to market_data_shard;
            alter default privileges for role market_data_owner in schema market_data
              grant usage, select, update on sequences to market_data_shard;
            grant usage on schema timescale to market_data_owner;
            """;

    private static NodeFolder.Server node;

    private Connection timescale;
    private final HistoryStore history = new HistoryStore();
    private final CandleStore candles = new CandleStore();
    private final TickStore ticks = new TickStore();

    @BeforeAll
    static void start() throws Exception {
        assumeFalse(NodeFolder.isMissing(), "Node.js and npm are not installed");
        Path module = Repository.root().resolve("market-data-service");
        node =
                NodeFolder.install(module.resolve("src/test/node"), module.resolve("target/node"))
                        .start("timescale.mjs", "listening on ");
        try (Connection once = connect()) {
            execute(once, PREPARE);
        }
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    /** There is one session in truth, so no statement may stay prepared in it. */
    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:"
                        + node.ready()
                        + "/postgres?user=postgres&password=none&prepareThreshold=0"
                        + "&sslmode=disable&gssEncMode=disable");
    }

    @BeforeEach
    void empty() throws SQLException {
        timescale = connect();
        execute(timescale, EMPTY);
    }

    @AfterEach
    void disconnect() throws SQLException {
        timescale.close();
    }

    @Test
    void shouldAnswerAsPartitionsDoWhenHistoryIsInHypertables() throws Exception {
        Connection plain = plain();
        long seed = new SplittableRandom().nextLong();
        System.out.println("TimescaleIT seed " + seed);
        for (Connection each : List.of(plain, timescale)) {
            // Later ones first, as the code writes and reads what they add.
            migrate(each, 0, HYPERTABLES - 1);
            migrate(each, HYPERTABLES + 1, Integer.MAX_VALUE);
            write(each, new SplittableRandom(seed), 0);
        }
        Map<String, Object> before = answers(timescale);
        assertThat(before).isEqualTo(answers(plain));

        for (Connection each : List.of(plain, timescale)) {
            migrate(each, HYPERTABLES, HYPERTABLES);
        }
        assertThat(answers(timescale)).isEqualTo(before);
        assertThat(
                        count(
                                "select count(*) from timescaledb_information.hypertables"
                                        + " where hypertable_schema = 'market_data'"))
                .isEqualTo(3);

        for (Connection each : List.of(plain, timescale)) {
            write(each, new SplittableRandom(seed + 1), 1);
        }
        assertThat(answers(timescale)).isNotEqualTo(before).isEqualTo(answers(plain));

        assertThat(compress()).isGreaterThan(10);
        assertThat(answers(timescale)).isEqualTo(answers(plain));
        for (Connection each : List.of(plain, timescale)) {
            write(each, new SplittableRandom(seed + 2), 2);
        }
        assertThat(answers(timescale)).isEqualTo(answers(plain));

        // Partitions are calendar months and chunks 30 days, so minutes are compared by what stays.
        Retention kept = new Retention(2, 90);
        MaintainHistoryHandler.Maintained done = maintain(timescale, kept);
        maintain(plain, kept);
        assertThat(done.made()).isZero();
        assertThat(done.dropped()).isGreaterThan(5);
        Map<String, Object> after = answers(timescale);
        Map<String, Object> expected = answers(plain);
        for (Map<String, Object> each : List.of(after, expected)) {
            each.keySet().removeIf(query -> query.contains("1m "));
        }
        assertThat(after).isEqualTo(expected);
        assertThat(maintain(timescale, kept).dropped()).isZero();
        assertThat(
                        count(
                                "select count(*) from pg_class"
                                        + " where relkind = 'r' and relname like 'compress_hyper%'"))
                .as("what compressed chunks are made of")
                .isEqualTo(
                        count(
                                "select count(*) from timescaledb_information.chunks"
                                        + " where is_compressed"));
        assertThat(
                        candles.first(
                                as(timescale, "shard"),
                                new CandleKey(MARKET, Series.TRADES, Frame.MINUTE)))
                .extracting(Candle::openMillis, InstanceOfAssertFactories.LONG)
                .isBetween(
                        kept.minutesFromMillis(NOW.toEpochMilli()) - Duration.ofDays(30).toMillis(),
                        kept.minutesFromMillis(NOW.toEpochMilli()) + Duration.ofDays(1).toMillis());

        assertThat(candles.deleteImported(as(timescale, "shard"), MARKET, NOW.toEpochMilli()))
                .isPositive();
        plain.close();
    }

    @Test
    void shouldGrantAsItIsGrantedWithoutWhenHistoryIsInHypertables() throws Exception {
        migrate(timescale, 0, Integer.MAX_VALUE);
        write(timescale, new SplittableRandom(1), 0);

        for (String attack :
                List.of(
                        "delete from market_data.candle",
                        "insert into market_data.mark_tick select * from market_data.mark_tick",
                        "update market_data.oracle_tick set price_units = 1",
                        "select market_data.make_history('candle_1m', '{0}')",
                        "select market_data.drop_history('candle_1m', 9223372036854775807)",
                        "select timescale.drop_chunks('market_data.mark_tick', 1)")) {
            assertRefused("api", attack);
        }
        for (String attack :
                List.of(
                        "create table market_data.mine (x text)",
                        "alter table market_data.candle add column x text",
                        "select timescale.drop_chunks('market_data.mark_tick', 1)")) {
            assertRefused("shard", attack);
        }
        as(timescale, "api");
        assertThat(count("select count(*) from market_data.candle")).isPositive();
    }

    @Test
    void shouldSayWhatIsMissingWhenTheOwnerMayNotUseTheExtension() throws Exception {
        migrate(timescale, 0, HYPERTABLES - 1);
        execute(timescale, "reset role; revoke usage on schema timescale from market_data_owner");

        assertThatThrownBy(() -> migrate(timescale, HYPERTABLES, HYPERTABLES))
                .hasMessageContaining("timescaledb is in schema timescale")
                .hasMessageContaining("grant usage on schema timescale to market_data_owner");
    }

    private void assertRefused(String role, String attack) throws SQLException {
        Connection connection = as(timescale, role);
        assertThatThrownBy(() -> execute(connection, attack))
                .as(attack)
                .isInstanceOf(SQLException.class)
                .extracting(refused -> ((SQLException) refused).getSQLState())
                .isEqualTo("42501");
    }

    /** What TimescaleDB's background worker would do; says how many chunks are compressed. */
    private long compress() throws SQLException {
        execute(timescale, "reset role");
        List<Integer> jobs = new ArrayList<>();
        try (Statement statement = timescale.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select job_id from timescaledb_information.jobs"
                                        + " where hypertable_schema = 'market_data'")) {
            while (rows.next()) {
                jobs.add(rows.getInt(1));
            }
        }
        for (int job : jobs) {
            execute(timescale, "call timescale.run_job(" + job + ")");
        }
        return count(
                "select count(*) from timescaledb_information.chunks"
                        + " where hypertable_schema = 'market_data' and is_compressed");
    }

    /** Three months of candles, a few an hour, and a week of prices; {@code round} by round. */
    private void write(Connection connection, SplittableRandom random, int round)
            throws SQLException {
        List<CandleFold> folds = new ArrayList<>();
        List<Long> minutes = new ArrayList<>();
        for (MarketId market : List.of(MARKET, OTHER)) {
            for (Series series : Series.values()) {
                CandleFold fold = new CandleFold(market, series);
                for (int i = 0; i < 120; i++) {
                    long at = NOW.toEpochMilli() - random.nextLong(Duration.ofDays(150).toMillis());
                    fold.add(candle(series, at, random));
                    minutes.add(at);
                }
                folds.add(fold);
            }
        }
        List<OraclePrice> oracle = new ArrayList<>();
        List<MarkPrice> mark = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long at = NOW.toEpochMilli() - random.nextLong(Duration.ofDays(7).toMillis());
            long sequence = round * 1_000L + i + 1;
            Price price = new Price(random.nextLong(1, 1_000_000));
            times.add(at);
            mark.add(
                    new MarkPrice(
                            MARKET,
                            sequence,
                            price,
                            price,
                            at,
                            i % 7 == 0 ? PriceFault.VOLATILE : null,
                            i % 3 == 0 ? new Rate(-i) : null));
            oracle.add(
                    new OraclePrice(
                            MARKET,
                            sequence,
                            price,
                            new Quantity(i),
                            "pyth",
                            at,
                            i % 2 == 0 ? (long) i : null,
                            i % 7 == 0 ? PriceFault.VOLATILE : null,
                            null,
                            null,
                            null));
        }
        Connection shard = as(connection, "shard");
        shard.setAutoCommit(false);
        history.make(shard, HistoryStore.MINUTES, minutes);
        history.make(shard, TickStore.ORACLE, times);
        history.make(shard, TickStore.MARK, times);
        Writes writes = new Writes();
        CandleStore.add(writes, folds);
        TickStore.insertOracle(writes, oracle);
        TickStore.insertMark(writes, mark);
        writes.execute(shard);
        shard.commit();
        shard.setAutoCommit(true);
    }

    private static Candle candle(Series series, long at, SplittableRandom random) {
        Candle one = Candle.of(at, new Price(random.nextLong(1, 1_000_000)));
        return series == Series.TRADES
                ? new Candle(
                        one.openMillis(),
                        one.openedMillis(),
                        one.closedMillis(),
                        one.open(),
                        one.high(),
                        one.low(),
                        one.close(),
                        new Quantity(random.nextLong(1, 1_000)),
                        one.volumeUsd(),
                        1)
                : one;
    }

    /** What every statement that reads history answers, by what was asked. */
    private Map<String, Object> answers(Connection connection) throws SQLException {
        Connection api = as(connection, "api");
        Map<String, Object> answers = new LinkedHashMap<>();
        long end = NOW.toEpochMilli() + 1;
        long middle = end - Duration.ofDays(40).toMillis();
        for (Series series : Series.values()) {
            for (Frame frame : Frame.values()) {
                CandleKey key = new CandleKey(MARKET, series, frame);
                String asked = series + " " + frame + " ";
                answers.put(asked + "all", candles.candles(api, key, 0, end, 10_000));
                answers.put(asked + "some", candles.candles(api, key, middle, end, 100));
                answers.put(asked + "before", String.valueOf(candles.lastBefore(api, key, middle)));
                answers.put(asked + "first", String.valueOf(candles.first(api, key)));
                answers.put(
                        asked + "at",
                        candles
                                .candlesAt(
                                        api,
                                        key,
                                        List.of(frame.begin(end), frame.begin(middle), 0L))
                                .stream()
                                .sorted(Comparator.comparingLong(Candle::openMillis))
                                .toList());
            }
        }
        List<MarketId> both = List.of(MARKET, OTHER);
        answers.put("since", candles.tradedSince(api, both, Frame.HOUR, middle));
        answers.put("1m last", candles.lastTradedBefore(api, both, middle));
        long tickFrom = end - Duration.ofDays(1).toMillis();
        for (long every : List.of(1L, 60_000L, 3_600_000L)) {
            answers.put(
                    "oracle " + every,
                    ticks.lastOfEach(api, TickStore.ORACLE_PRICES, MARKET, tickFrom, end, every));
            answers.put(
                    "mark " + every,
                    ticks.lastOfEach(api, TickStore.MARK_PRICES, MARKET, tickFrom, end, every));
        }
        answers.put(
                "all oracle",
                ticks.after(api, TickStore.ORACLE_PRICES, MARKET, tickFrom, -1, end, 1_000_000));
        answers.put(
                "all mark",
                ticks.after(api, TickStore.MARK_PRICES, MARKET, tickFrom, -1, end, 1_000_000));
        answers.put("first oracle", ticks.firstMillis(api, TickStore.ORACLE, MARKET));
        answers.put("first mark", ticks.firstMillis(api, TickStore.MARK, MARKET));
        return answers;
    }

    private MaintainHistoryHandler.Maintained maintain(Connection connection, Retention kept)
            throws SQLException {
        Connection shard = as(connection, "shard");
        return new MaintainHistoryHandler(theOneOf(shard), history)
                .handle(NOW.toEpochMilli(), kept)
                .orElseThrow();
    }

    private static Connection plain() throws SQLException {
        Database database = Backends.shared().createDatabase();
        return database.connect("postgres");
    }

    /** As Flyway would: in the order of versions, each file in a transaction. */
    private static void migrate(Connection connection, int from, int to)
            throws SQLException, IOException {
        Connection owner = as(connection, "owner");
        owner.setAutoCommit(false);
        try {
            for (Path file : migrations()) {
                int version = version(file).getMajor().intValue();
                if (version >= from && version <= to) {
                    execute(owner, Files.readString(file));
                    owner.commit();
                }
            }
        } catch (SQLException failed) {
            owner.rollback();
            throw failed;
        } finally {
            owner.setAutoCommit(true);
        }
    }

    private static List<Path> migrations() throws IOException {
        Path root = Repository.root();
        List<Path> all = new ArrayList<>();
        for (String folder :
                List.of(
                        "eventlog/src/main/resources/db/eventlog",
                        "market-data-service/src/main/resources/db/migration")) {
            try (Stream<Path> files = Files.list(root.resolve(folder))) {
                files.filter(file -> file.getFileName().toString().startsWith("V"))
                        .forEach(all::add);
            }
        }
        all.sort(Comparator.comparing(TimescaleIT::version));
        return all;
    }

    private static MigrationVersion version(Path file) {
        String name = file.getFileName().toString();
        return MigrationVersion.fromVersion(name.substring(1, name.indexOf("__")));
    }

    /** The same session in another role: TimescaleDB has but one here. */
    private static Connection as(Connection session, String role) throws SQLException {
        execute(session, "set role market_data_%s; set search_path = market_data".formatted(role));
        return session;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String query) throws SQLException {
        try (Statement statement = timescale.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Hands out the one session and keeps it open. */
    private static DataSource theOneOf(Connection session) {
        ClassLoader loader = TimescaleIT.class.getClassLoader();
        Object kept =
                Proxy.newProxyInstance(
                        loader,
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("close")) {
                                return null;
                            }
                            try {
                                return method.invoke(session, arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                        });
        return (DataSource)
                Proxy.newProxyInstance(
                        loader,
                        new Class<?>[] {DataSource.class},
                        (proxy, method, arguments) -> kept);
    }
}
