package io.perpetua.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.perpetua.testkit.ServiceProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One run of {@link RecoveryBench}, its parts in an order in which each makes what the next needs:
 * what risk admits is what matching works off, what matching publishes is what risk follows.
 */
final class RecoveryRun {
    private static final String ORDERS = "orders-service";
    private static final String RISK = "risk-service";
    private static final String ORDER_CLASS = "io.perpetua.orders.domain.market.Order";
    private static final String HOLD_CLASS = "io.perpetua.risk.domain.margin.OpenOrder";
    private static final long FIRST_ID = 1L << 40;
    private static final int DEPTH = 50;
    private static final int COMMANDS_AN_ACCOUNT = 50;

    /** What {@link RecoveryBench} was asked for. */
    record Options(
            int resting,
            int events,
            int commands,
            int starts,
            int workers,
            String heap,
            List<String> jvmOptions) {}

    private final Options options;
    private final PrintWriter out;
    private final Path caches;
    private int started;
    private final Backends backends = Backends.shared();
    private final Database database = backends.createDatabase();

    /** Of the service measured last, with nothing to do. */
    private double baseline;

    private double baselineCpu;

    RecoveryRun(Options options, PrintWriter out) throws IOException {
        this.options = options;
        this.out = out;
        this.caches = Files.createTempDirectory("perpetua-bench-");
    }

    /** Measures everything that was asked for. */
    void run() throws Exception {
        try {
            measure();
        } finally {
            for (String module : List.of(ORDERS, RISK)) {
                Files.deleteIfExists(cache(module));
            }
            Files.delete(caches);
        }
    }

    private Path cache(String module) {
        return caches.resolve(module + ".aot");
    }

    private void measure() throws Exception {
        try (Connection connection = database.connect("postgres");
                Statement sql = connection.createStatement();
                Journal journal = new Journal(backends.bootstrapServers())) {
            RecoveryInput input = new RecoveryInput(journal);
            input.markets();
            migrate(
                    ORDERS,
                    sql,
                    "select count(*) >= %d from orders.market_states where definition is not null"
                            .formatted(RecoveryInput.MARKETS));
            ServiceProcess.Heap empty = measureEmpty(ORDERS, Partitions.MARKETS);
            if (options.resting() > 0) {
                measureResting(sql, empty);
            }
            if (options.commands() > 0) {
                int accounts = Math.max(100, options.commands() / COMMANDS_AN_ACCOUNT);
                input.accounts(accounts);
                measureAdmission(sql, journal, input, accounts);
                measureMatching(sql, journal);
                measureFollowing(sql, journal);
                if (options.events() > 0) {
                    measureRepeats(sql, journal);
                }
            }
        }
    }

    private ServiceProcess start(String module) throws IOException {
        List<String> jvm = new ArrayList<>(List.of("-Xms128m", "-Xmx" + options.heap()));
        for (String option : options.jvmOptions()) {
            jvm.add(option.replace("{start}", module + "-" + ++started));
        }
        return ServiceProcess.start(
                module, backends, database, options.workers(), cache(module), jvm);
    }

    /** The first start makes the tables, takes what was published before, and leaves a cache. */
    private void migrate(String module, Statement sql, String done) throws Exception {
        try (ServiceProcess service = start(module)) {
            service.await("migrated", () -> isTrue(sql, done));
        }
    }

    private ServiceProcess.Heap measureEmpty(String module, int shards) throws Exception {
        double[] seconds = new double[options.starts()];
        ServiceProcess.Heap empty = new ServiceProcess.Heap(0, 0);
        double cpu = 0;
        for (int i = 0; i < options.starts(); i++) {
            try (ServiceProcess service = start(module)) {
                seconds[i] = service.awaitReady(shards);
                cpu = service.cpuSeconds();
                empty = service.heap(ORDER_CLASS);
            }
        }
        Arrays.sort(seconds);
        baseline = seconds[options.starts() / 2];
        baselineCpu = cpu;
        print(
                "%s, nothing to load: ready after %.2f s (%.2f to %.2f), %.1f s of CPU, heap %.1f"
                        + " MB",
                module,
                baseline,
                seconds[0],
                seconds[options.starts() - 1],
                cpu,
                empty.bytes() / 1e6);
        return empty;
    }

    private void measureResting(Statement sql, ServiceProcess.Heap empty) throws Exception {
        long nowMillis = System.currentTimeMillis();
        sql.execute(
                """
            insert into orders.orders (
                order_id, user_id, subaccount_id, market_id, client_order_id, side, order_type,
                time_in_force, self_trade, reduce_only, admitted_reduce_only, price_e8,
                limit_price_e8, size_e8, filled_e8, remaining_e8, quote_micros, taker_fee_nanos,
                maker_fee_nanos, self_trade_group, version, priority, is_open, status, reason,
                updated_at_millis, first_status, first_size_e8, first_filled_e8,
                first_quote_micros, first_reason, first_at_millis)
            select %1$d + g, 1 + g %% 10000, 1 + g %% 10000, 1 + ((h >> 12) & 1023) %% %2$d,
                   'bench-' || g, case when h & 1 = 0 then 'BUY' else 'SELL' end, 'LIMIT', 'GTC',
                   'CANCEL_MAKER', false, false, price, price, size, 0, size, 0, 500000, 200000,
                   1 + g %% 10000, 1, (g * 7919::bigint) %% %6$d + 1, true, 'OPEN', null, %3$d,
                   'OPEN', size, 0, 0, null, %3$d
            from (
                select g, h, (1 + ((h >> 20) & 7)) * 100000::bigint as size,
                       %4$d + (case when h & 1 = 0 then -1 else 1 end)
                            * (1 + ((h >> 1) & 2047)) * %5$d::bigint as price
                from (select g, hashint4(g) as h from generate_series(1, %6$d) as g) as numbers
            ) as shapes
            """
                        .formatted(
                                FIRST_ID,
                                RecoveryInput.MARKETS,
                                nowMillis,
                                RecoveryInput.MARK_UNITS,
                                RecoveryInput.TICK_UNITS,
                                options.resting()));
        sql.execute("update orders.market_states set last_priority = " + options.resting());
        settle(sql);
        try (ServiceProcess service = start(ORDERS)) {
            awaitLoaded(service, sql, Partitions.MARKETS, "resting orders");
            long compared = awaitBooks(service, sql);
            printHeap(service, ORDER_CLASS, empty);
            print(
                    "  books over HTTP as the tables have them: %,d orders on the best %d prices",
                    compared, DEPTH);
        }
        sql.execute("truncate orders.orders");
    }

    private void measureHeld(Statement sql, ServiceProcess.Heap empty, int accounts)
            throws Exception {
        sql.execute(
                """
            insert into risk.open_orders (
                order_id, subaccount_id, market_id, user_id, shard_id, is_buy, limit_e8, size_e8,
                filled_e8, remaining_e8, reduce_only, post_only, worst_fee_nanos)
            select %1$d + g, 1 + g %% %2$d, 1 + g / %2$d %% %3$d, 1 + g %% %2$d,
                   (1 + g %% %2$d) %% %4$d, g %% 2 = 0, %5$d, 100000, 0, 100000, false, false,
                   500000
            from generate_series(1, %6$d) as g
            """
                        .formatted(
                                FIRST_ID,
                                accounts,
                                RecoveryInput.MARKETS,
                                Partitions.USERS,
                                RecoveryInput.MARK_UNITS,
                                options.resting()));
        settle(sql);
        try (ServiceProcess service = start(RISK)) {
            awaitLoaded(service, sql, Partitions.USERS, "orders held for");
            printHeap(service, HOLD_CLASS, empty);
        }
        sql.execute("truncate risk.open_orders");
    }

    private void awaitLoaded(ServiceProcess service, Statement sql, int shards, String what)
            throws Exception {
        double postgres = postgresCpuSeconds(sql);
        double ready = service.awaitReady(shards);
        print(
                "%,d %s: ready after %.2f s, %.2f more than without; CPU %.1f s, of PostgreSQL"
                        + " %.1f s",
                options.resting(),
                what,
                ready,
                ready - baseline,
                service.cpuSeconds(),
                postgresCpuSeconds(sql) - postgres);
    }

    private void printHeap(ServiceProcess service, String className, ServiceProcess.Heap empty)
            throws Exception {
        ServiceProcess.Heap full = service.heap(className);
        check(full.instances() == options.resting(), full.instances() + " are in the heap");
        print(
                "  all of them in the heap, %.0f bytes each",
                (double) (full.bytes() - empty.bytes()) / options.resting());
    }

    /** What autovacuum and the checkpointer would do anyway is not to be part of a measurement. */
    private static void settle(Statement sql) throws SQLException {
        sql.execute("vacuum analyze");
        sql.execute("checkpoint");
    }

    /** Waits until each book is shown as the table has it; how many orders its levels have. */
    private long awaitBooks(ServiceProcess service, Statement sql) throws Exception {
        ObjectMapper json = new ObjectMapper();
        long[] orders = {0};
        for (int i = 1; i <= RecoveryInput.MARKETS; i++) {
            int market = i;
            List<String> bids = levels(sql, market, "BUY", "desc");
            List<String> asks = levels(sql, market, "SELL", "asc");
            service.await(
                    "showing its books",
                    () -> {
                        String path = "/v1/books/" + BenchMarket.symbol(market) + "?depth=" + DEPTH;
                        JsonNode book = json.readTree(service.get(path).body());
                        return levels(book.path("bids")).equals(bids)
                                && levels(book.path("asks")).equals(asks);
                    });
            Stream.of(bids, asks)
                    .flatMap(List::stream)
                    .forEach(
                            level ->
                                    orders[0] +=
                                            Long.parseLong(
                                                    level.substring(level.lastIndexOf(' ') + 1)));
        }
        return orders[0];
    }

    private static List<String> levels(JsonNode side) {
        List<String> levels = new ArrayList<>();
        for (JsonNode level : side) {
            levels.add(
                    level.path("price").asText()
                            + " "
                            + level.path("size").asText()
                            + " "
                            + level.path("orders").asInt());
        }
        return levels;
    }

    private static List<String> levels(Statement sql, int market, String side, String order)
            throws SQLException {
        List<String> levels = new ArrayList<>();
        try (ResultSet row =
                sql.executeQuery(
                        """
            select limit_price_e8, sum(remaining_e8), count(*) from orders.orders
            where market_id = %d and side = '%s' and is_open
            group by limit_price_e8 order by limit_price_e8 %s limit %d
            """
                                .formatted(market, side, order, DEPTH))) {
            while (row.next()) {
                levels.add(
                        new Price(row.getLong(1))
                                + " "
                                + new Quantity(row.getLong(2))
                                + " "
                                + row.getLong(3));
            }
        }
        return levels;
    }

    private void measureAdmission(Statement sql, Journal journal, RecoveryInput input, int accounts)
            throws Exception {
        migrate(
                RISK,
                sql,
                """
                select (select count(*) from risk.accounts where collateral_micros > 0) = %d
                   and (select count(*) from risk.market_definitions) = %d
                """
                        .formatted(accounts, RecoveryInput.MARKETS * Partitions.USERS));
        ServiceProcess.Heap empty = measureEmpty(RISK, Partitions.USERS);
        if (options.resting() > 0) {
            measureHeld(sql, empty, accounts);
        }
        input.placements(options.commands(), accounts);
        settle(sql);
        String reached = reached(journal, "risk", Topics.ORDER_COMMANDS);
        try (ServiceProcess service = start(RISK)) {
            workOff(
                    service,
                    sql,
                    () -> isTrue(sql, reached),
                    options.commands(),
                    "placements admitted");
        }
        long held = number(sql, "select count(*) from risk.open_orders");
        check(held == options.commands(), held + " placements were admitted");
    }

    private void measureMatching(Statement sql, Journal journal) throws Exception {
        measureEmpty(ORDERS, Partitions.MARKETS);
        settle(sql);
        String reached = reached(journal, "orders", Topics.ADMISSIONS);
        try (ServiceProcess service = start(ORDERS)) {
            workOff(service, sql, () -> isTrue(sql, reached), options.commands(), "orders matched");
        }
        long known = number(sql, "select count(*) from orders.orders where status <> 'REJECTED'");
        check(known == options.commands(), known + " orders were taken by the books");
        print(
                "  %,d of them traded, in %,d trades; %,d rest",
                number(sql, "select count(*) from orders.orders where filled_e8 > 0"),
                number(sql, "select count(*) from orders.trades"),
                number(sql, "select count(*) from orders.orders where is_open"));
    }

    /** Risk takes what matching has published. */
    private void measureFollowing(Statement sql, Journal journal) throws Exception {
        measureEmpty(RISK, Partitions.USERS);
        settle(sql);
        String reached = reached(journal, "risk", Topics.ORDER_EVENTS);
        long published =
                journal.ends(Topics.ORDER_EVENTS).values().stream().mapToLong(end -> end).sum();
        try (ServiceProcess service = start(RISK)) {
            workOff(service, sql, () -> isTrue(sql, reached), published, "order events followed");
        }
        long held = number(sql, "select count(*) from risk.open_orders");
        long open = number(sql, "select count(*) from orders.orders where is_open");
        check(held == open, held + " orders are held, " + open + " are open");
    }

    private void measureRepeats(Statement sql, Journal journal) throws Exception {
        measureEmpty(ORDERS, Partitions.MARKETS);
        journal.repeat(Topics.ADMISSIONS, options.events());
        settle(sql);
        String reached = reached(journal, "orders", Topics.ADMISSIONS);
        long orders = number(sql, "select count(*) from orders.orders");
        try (ServiceProcess service = start(ORDERS)) {
            // Offsets alone are committed once a second: too coarse to be timed by.
            workOff(
                    service,
                    sql,
                    () -> service.metric("perpetua_eventlog_repeats_total") >= options.events(),
                    options.events(),
                    "repeated events passed over");
            service.await("past them", () -> isTrue(sql, reached));
        }
        check(orders == number(sql, "select count(*) from orders.orders"), "repeats made orders");
    }

    /** The query that is true once a service has committed all there is in a topic now. */
    private static String reached(Journal journal, String schema, Topic topic) {
        long end = journal.ends(topic).values().stream().mapToLong(one -> one).sum();
        return "select coalesce(sum(next_offset), 0) >= %d from %s.shard_offset where topic = '%s'"
                .formatted(end, schema, topic.name());
    }

    private void workOff(
            ServiceProcess service,
            Statement sql,
            ServiceProcess.Condition done,
            long count,
            String what)
            throws Exception {
        double postgres = postgresCpuSeconds(sql);
        service.await("done", done);
        double seconds = service.seconds() - baseline;
        double cpu = service.cpuSeconds() - baselineCpu;
        print(
                "%,d %s: %.2f s after the start, less %.2f s without them: %,.0f a second; CPU"
                        + " each: service %.1f us, PostgreSQL %.1f us; records a commit %.0f",
                count,
                what,
                seconds + baseline,
                baseline,
                count / seconds,
                cpu * 1e6 / count,
                (postgresCpuSeconds(sql) - postgres) * 1e6 / count,
                service.metric("perpetua_eventlog_batch_records_sum")
                        / Math.max(1, service.metric("perpetua_eventlog_batch_records_count")));
    }

    private static boolean isTrue(Statement sql, String query) {
        try (ResultSet row = sql.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static long number(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Of the server and all its processes that live, this session's included. */
    private static double postgresCpuSeconds(Statement sql) throws SQLException {
        long session = number(sql, "select pg_backend_pid()");
        ProcessHandle server =
                ProcessHandle.of(session).flatMap(ProcessHandle::parent).orElseThrow();
        return Stream.concat(Stream.of(server), server.descendants())
                        .mapToLong(
                                one ->
                                        one.info()
                                                .totalCpuDuration()
                                                .orElse(Duration.ZERO)
                                                .toNanos())
                        .sum()
                / 1e9;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("not as it should be: " + otherwise);
        }
    }

    private void print(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }
}
