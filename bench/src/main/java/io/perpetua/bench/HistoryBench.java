package io.perpetua.bench;

import io.perpetua.contracts.Partitions;
import io.perpetua.demo.ImportHistory;
import io.perpetua.demo.client.Api;
import io.perpetua.testkit.AccountsStandIn;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.perpetua.testkit.ServiceProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How fast history is read and imported over HTTP, at market-data-service itself, on a PostgreSQL
 * and a Kafka of its own. Every answer is read to its end and its lines are counted.
 */
@Command(
        name = "history",
        description = "Candles read and imported over HTTP, on backends of its own.",
        mixinStandardHelpOptions = true)
final class HistoryBench implements Callable<Integer> {
    private static final String MODULE = "market-data-service";
    private static final String MARKET = "ETH-PERP";
    private static final int MARKET_ID = 2;
    private static final long FIRST_MINUTE_MILLIS = 1_640_995_200_000L;

    /** Prices, their history, and trades: three groups of shards. */
    private static final int SHARDS = 3 * Partitions.MARKETS;

    @Spec private CommandSpec spec;

    @Option(
            names = "--candles",
            defaultValue = "1000000",
            description = "one-minute candles, at most 2000000 (default ${DEFAULT-VALUE})")
    private int candles;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "times each is read; the first warms up (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--bars", description = "a CSV of one-minute bars to be imported, .gz is fine")
    private @Nullable Path bars;

    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Integer call() throws Exception {
        Backends backends = Backends.shared();
        Database database = backends.createDatabase();
        Path cache = Files.createTempDirectory("perpetua-bench-").resolve("market-data.aot");
        try (AccountsStandIn accounts = AccountsStandIn.start();
                Connection connection = database.connect("postgres");
                Statement sql = connection.createStatement()) {
            // The first start makes the tables and leaves a cache, as ./perpetua up does.
            try (ServiceProcess first = start(backends, database, cache, accounts)) {
                first.awaitReady(SHARDS);
            }
            try (ServiceProcess service = start(backends, database, cache, accounts)) {
                service.awaitReady(SHARDS);
                measure(service, sql);
            }
        } finally {
            Files.deleteIfExists(cache);
            Files.delete(cache.getParent());
        }
        return 0;
    }

    private static ServiceProcess start(
            Backends backends, Database database, Path cache, AccountsStandIn accounts)
            throws IOException {
        return ServiceProcess.start(
                MODULE,
                backends,
                database,
                1,
                cache,
                List.of("-Xmx512m", "-Dperpetua.accounts.url=" + accounts.url()));
    }

    private void measure(ServiceProcess service, Statement sql) throws Exception {
        fill(sql);
        for (String format : List.of("NDJSON", "CSV")) {
            read(service, format);
        }
        if (bars != null) {
            importBars(service, bars);
        }
    }

    private void fill(Statement sql) throws SQLException {
        sql.execute("set search_path = market_data");
        sql.execute(
                """
                select make_history('candle_1m', array_agg(%1$d + g * 60000::bigint))
                from generate_series(0, %2$d - 1) as g
                """
                        .formatted(FIRST_MINUTE_MILLIS, candles));
        sql.execute(
                """
                insert into candle
                select %3$d, 'TRADES', 60000, at, at + 100, at + 59000, price, price + 300000000,
                       price - 200000000, price + 100000000, 123450000 + g, 345678900000 + g, 40
                from (select g, %1$d + g * 60000::bigint as at,
                             300000000000 + (hashint4(g) & 65535) * 1000000::bigint as price
                      from generate_series(0, %2$d - 1) as g) as minutes
                """
                        .formatted(FIRST_MINUTE_MILLIS, candles, MARKET_ID));
        sql.execute("vacuum analyze candle");
        sql.execute("checkpoint");
        try (ResultSet row = sql.executeQuery("select count(*) from candle_1m where trades = 40")) {
            row.next();
            if (row.getInt(1) != candles) {
                throw new IllegalStateException(row.getInt(1) + " candles are stored");
            }
        }
        try (ResultSet row =
                sql.executeQuery(
                        "select sum(pg_total_relation_size(relid)) from pg_partition_tree('candle_1m')")) {
            row.next();
            print("%,d candles take %.0f MB", candles, row.getLong(1) / 1e6);
        }
    }

    private void read(ServiceProcess service, String format)
            throws IOException, InterruptedException {
        double[] seconds = new double[rounds];
        double[] cpu = new double[rounds];
        long bytes = 0;
        for (int round = 0; round < rounds; round++) {
            double cpuBefore = service.cpuSeconds();
            long began = System.nanoTime();
            bytes = readAll(service, format);
            seconds[round] = (System.nanoTime() - began) / 1e9;
            cpu[round] = service.cpuSeconds() - cpuBefore;
        }
        double first = seconds[0];
        Arrays.sort(seconds);
        Arrays.sort(cpu);
        print(
                "%,d candles as %s, %.0f MB: median %.2f s (%.2f to %.2f, the first %.2f), the"
                        + " service's CPU %.2f s",
                candles,
                format,
                bytes / 1e6,
                seconds[rounds / 2],
                seconds[0],
                seconds[rounds - 1],
                first,
                cpu[rounds / 2]);
    }

    /** The size of the answer, which must have a line a candle, and a header if it is CSV. */
    private long readAll(ServiceProcess service, String format)
            throws IOException, InterruptedException {
        long endMillis = FIRST_MINUTE_MILLIS + candles * 60_000L;
        URI range =
                service.url()
                        .resolve(
                                "/v1/candles/history?market=%s&to=%s&format=%s"
                                        .formatted(
                                                MARKET, Instant.ofEpochMilli(endMillis), format));
        HttpResponse<InputStream> answer =
                http.send(
                        HttpRequest.newBuilder(range).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        long bytes = 0;
        int lines = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = answer.body()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                bytes += read;
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        int expected = candles + (format.equals("CSV") ? 1 : 0);
        if (answer.statusCode() != 200 || lines != expected) {
            throw new IllegalStateException(answer.statusCode() + ", " + lines + " lines");
        }
        return bytes;
    }

    private void importBars(ServiceProcess service, Path file)
            throws IOException, InterruptedException {
        String token = AccountsStandIn.adminToken("1", "CHANGE_MARKETS");
        HttpRequest delete =
                HttpRequest.newBuilder(service.url().resolve("/v1/candles/imports/BTC-PERP"))
                        .header("Authorization", "Bearer " + token)
                        .DELETE()
                        .build();
        double[] seconds = new double[rounds];
        try (Api api = new Api(service.url())) {
            for (int round = 0; round < rounds; round++) {
                long began = System.nanoTime();
                new ImportHistory(api, token, "BTC-PERP", System.out).send(file);
                seconds[round] = (System.nanoTime() - began) / 1e9;
                http.send(delete, HttpResponse.BodyHandlers.discarding());
            }
        }
        double first = seconds[0];
        Arrays.sort(seconds);
        print(
                "%s imported: median %.2f s (%.2f to %.2f, the first %.2f)",
                file.getFileName(), seconds[rounds / 2], seconds[0], seconds[rounds - 1], first);
    }

    private void print(String line, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, line + "%n", values);
        out.flush();
    }
}
