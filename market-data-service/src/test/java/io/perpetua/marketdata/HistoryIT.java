package io.perpetua.marketdata;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.CandlesImported;
import io.perpetua.contracts.marketdata.ImportDeleted;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.app.PriceHistoryQueries;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.persistence.TickStore;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * History as a client sees it: imported, of trades across crashes, of prices. {@code
 * -Dperpetua.history.bars=FILE} imports that file of one-minute bars, a gzipped CSV, instead of the
 * six days at hand.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
class HistoryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BARS = "/history/btc-perp-1m-2022-01-04.csv.gz";
    private static final String HEADER = "timestamp,open,high,low,close,volume\n";
    private static final String IMPORTER =
            "Bearer " + AccessTokensResource.adminToken("7", "CHANGE_MARKETS");
    private static final String ORDERS = "orders-of-the-history-test";
    private static final MarketId ETH = new MarketId(2);
    private static final MarketId SOL = new MarketId(3);
    private static final MarketId MATIC = new MarketId(5);
    private static boolean relayed;

    @Inject Eventlog eventlog;

    @Inject PriceHistoryQueries prices;

    @Inject
    @DataSource("shard")
    AgroalDataSource shardDatabase;

    @ConfigProperty(name = "perpetua.database.url")
    String databaseUrl;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    /** Open, high, low, close, volume in US dollars: of a day or an hour. */
    private static final class Bar {
        private final BigDecimal open;
        private BigDecimal high;
        private BigDecimal low;
        private BigDecimal close;
        private BigDecimal volumeUsd = BigDecimal.ZERO;
        private int rows;

        private Bar(BigDecimal open) {
            this.open = open;
            this.high = open;
            this.low = open;
            this.close = open;
        }

        private void add(String[] cells) {
            high = high.max(new BigDecimal(cells[2]));
            low = low.min(new BigDecimal(cells[3]));
            close = new BigDecimal(cells[4]);
            volumeUsd = volumeUsd.add(new BigDecimal(cells[5]).setScale(6, RoundingMode.HALF_EVEN));
            rows++;
        }

        @Override
        public String toString() {
            return String.join(
                    " ",
                    plain(open),
                    plain(high),
                    plain(low),
                    plain(close),
                    plain(volumeUsd),
                    "" + rows);
        }
    }

    @Test
    void shouldHaveTheStatisticsOfTheRecordedBarsWhenTheyAreImported() throws IOException {
        List<String> rows = recordedBars();
        ReportedDecisions reported = new ReportedDecisions(Backends.shared().bootstrapServers());

        int imported = 0;
        for (int from = 0; from < rows.size(); from += 800) {
            List<String> part = rows.subList(from, Math.min(from + 800, rows.size()));
            JsonPath report = post("BTC-PERP", from + 2, part);
            assertThat(report.getList("rejections")).isEmpty();
            imported += report.getInt("imported");
        }
        assertThat(imported).isEqualTo(rows.size());
        assertThat(post("BTC-PERP", 2, rows.subList(0, 800)).getInt("unchanged")).isEqualTo(800);

        Map<String, Bar> days = new TreeMap<>(Comparator.reverseOrder());
        Map<String, Bar> hours = new TreeMap<>();
        for (String row : rows) {
            String[] cells = row.split(",", -1);
            days.computeIfAbsent(cells[0].substring(0, 10), d -> new Bar(new BigDecimal(cells[1])))
                    .add(cells);
            hours.computeIfAbsent(cells[0].substring(0, 13), h -> new Bar(new BigDecimal(cells[1])))
                    .add(cells);
        }
        List<Map<String, Object>> daily =
                given().queryParam("series", "IMPORT")
                        .queryParam("limit", 100)
                        .get("/v1/statistics/BTC-PERP/daily")
                        .jsonPath()
                        .getList("items");
        assertThat(daily)
                .extracting(day -> day.get("day") + " " + bar(day))
                .containsExactlyElementsOf(
                        days.entrySet().stream()
                                .map(day -> day.getKey() + " " + day.getValue())
                                .toList());
        assertThat(candles("market=BTC-PERP&series=IMPORT&frame=1h"))
                .extracting(hour -> hour.getString("openAt") + " " + bar(hour.getMap("$")))
                .containsExactlyElementsOf(
                        hours.entrySet().stream()
                                .map(
                                        hour ->
                                                hour.getKey().replace(' ', 'T')
                                                        + ":00:00Z "
                                                        + hour.getValue())
                                .toList());
        String csv =
                given().get("/v1/candles/history?market=BTC-PERP&series=IMPORT&format=CSV")
                        .then()
                        .statusCode(200)
                        .contentType("text/csv")
                        .extract()
                        .asString();
        List<String> minutes = csv.lines().toList();
        assertThat(minutes.getFirst())
                .isEqualTo("openAt,open,high,low,close,volume,volumeUsd,trades");
        assertThat(minutes.get(1)).isEqualTo(minute(rows.getFirst()));
        assertThat(minutes.getLast()).isEqualTo(minute(rows.getLast()));
        assertThat(minutes)
                .hasSize(
                        2
                                + (int)
                                        Duration.between(
                                                        instant(rows.getFirst()),
                                                        instant(rows.getLast()))
                                                .toMinutes());

        given().header("Authorization", IMPORTER)
                .delete("/v1/candles/imports/BTC-PERP")
                .then()
                .statusCode(200)
                .body("minutes", equalTo(rows.size()));
        assertThat(lines("market=BTC-PERP&series=IMPORT&frame=1d")).isEmpty();
        assertReported(reported, rows);
    }

    /** Each part that was new once, and the deletion; nothing of the part that was sent again. */
    private static void assertReported(ReportedDecisions reported, List<String> rows) {
        MarketId btc = new MarketId(1);
        await().atMost(PATIENCE).until(() -> !reported.of(btc, ImportDeleted.class).isEmpty());
        List<ImportDeleted> deleted = reported.of(btc, ImportDeleted.class);
        List<CandlesImported> imported = reported.of(btc, CandlesImported.class);
        assertThat(deleted.stream().mapToLong(ImportDeleted::minutes).sum()).isEqualTo(rows.size());
        assertThat(imported).hasSize(Math.ceilDiv(rows.size(), 800));
        assertThat(imported.stream().mapToLong(CandlesImported::minutes).sum())
                .isEqualTo(rows.size());
        assertThat(imported.getFirst().firstMillis())
                .isEqualTo(instant(rows.getFirst()).toEpochMilli());
        assertThat(imported.getLast().lastMillis())
                .isEqualTo(instant(rows.getLast()).toEpochMilli());
        assertThat(imported).allMatch(one -> one.administrator() == 7);
        assertThat(deleted).allMatch(one -> one.administrator() == 7);
    }

    @Test
    void shouldImportAndDeleteOnlyForAdministratorsWhoChangeMarkets() {
        String row = "2022-01-01 00:00:00,10,12,9,11,5";
        post("SOL-PERP", 2, List.of(row));
        String other = "Bearer " + AccessTokensResource.adminToken("8", "READ_USERS");

        given().contentType("text/csv")
                .body(HEADER + row.replace("00:00:00", "00:01:00"))
                .post("/v1/candles/imports?market=SOL-PERP")
                .then()
                .statusCode(401)
                .body("code", equalTo("TOKEN_MISSING"));
        given().header("Authorization", other)
                .contentType("text/csv")
                .body(HEADER + row.replace("00:00:00", "00:01:00"))
                .post("/v1/candles/imports?market=SOL-PERP")
                .then()
                .statusCode(403)
                .body("code", equalTo("PERMISSION_MISSING"));
        given().delete("/v1/candles/imports/SOL-PERP")
                .then()
                .statusCode(401)
                .body("code", equalTo("TOKEN_MISSING"));
        given().header("Authorization", other)
                .delete("/v1/candles/imports/SOL-PERP")
                .then()
                .statusCode(403)
                .body("code", equalTo("PERMISSION_MISSING"));

        assertThat(lines("market=SOL-PERP&series=IMPORT")).hasSize(1);
    }

    @Test
    void shouldReportEachRowThatIsNotTaken() {
        JsonPath report =
                post(
                        "AVAX-PERP",
                        40,
                        List.of(
                                "2022-01-01 00:00:00,10,12,9,11,5",
                                "2022-01-01 00:01:00,10,9,12,11,5",
                                "2022-01-01 00:02:00,10,12,x,11,5",
                                "2022-01-01 00:03:00,11,11,11,11,0"));

        assertThat(report.getInt("imported")).isEqualTo(2);
        assertThat(report.getInt("rejected")).isEqualTo(2);
        assertThat(report.getList("rejections.row")).isEqualTo(List.of(41, 42));
        assertThat(report.getString("rejections[0].code")).isEqualTo("PRICES_CONTRADICT");
        assertThat(report.getString("rejections[1].column")).isEqualTo("low");
        given().get("/v1/candles?market=AVAX-PERP&series=IMPORT")
                .then()
                .body("items", hasSize(4))
                .body("items.trades", contains(1, 0, 0, 1))
                .body("items[0].volume", nullValue())
                .body("items[1].close", equalTo("11"));
        post("AVAX-PERP", 2, List.of("2022-01-01 00:00:00,10,12,9,12,5"));
        given().get("/v1/candles?market=AVAX-PERP&series=IMPORT&frame=1d")
                .then()
                .body("items", hasSize(1))
                .body("items[0].close", equalTo("11"))
                .body("items[0].volumeUsd", equalTo("5"));

        given().header("Authorization", IMPORTER)
                .contentType("text/csv")
                .body("time,price\n1,2")
                .post("/v1/candles/imports?market=AVAX-PERP")
                .then()
                .statusCode(400)
                .body("field", equalTo("body"));
    }

    @Test
    void shouldBeTheFoldOfItsTradesWhenSomeComeLateAndTwiceAndTheDatabaseDies() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        List<TradeExecuted> trades = trades(random, 600);

        publish(trades.subList(0, 300));
        await().atMost(PATIENCE).until(() -> totalTrades("ETH-PERP") >= 100);
        MarketDataIT.sendAgain(Partitions.of(ETH));
        Backends.shared().postgres().kill();
        Backends.shared().postgres().awaitUp();
        await().atMost(PATIENCE).until(this::databaseAnswers);
        publish(trades.subList(300, 600));
        MarketDataIT.sendAgain(Partitions.of(ETH));

        await().atMost(PATIENCE).until(() -> totalTrades("ETH-PERP") >= 600);
        for (Frame frame : Frame.values()) {
            assertThat(
                            candles("market=ETH-PERP&frame=" + frame + "&to=2025-05-10T00:00:00Z")
                                    .stream()
                                    .map(
                                            candle ->
                                                    candle.getString("openAt")
                                                            + " "
                                                            + candle.getString("volume")
                                                            + " "
                                                            + bar(candle.getMap("$"))))
                    .as("frame %s, seed 7", frame)
                    .containsExactlyElementsOf(fold(trades, frame));
        }
        given().get("/v1/statistics/ETH-PERP/daily?to=2025-05-10T00:00:00Z&limit=3")
                .then()
                .statusCode(200)
                .body("items", hasSize(3))
                .body("items[0].day", equalTo("2025-05-09"))
                .body("items[0].trades", equalTo(0))
                .body("items[0].openInterest", equalTo("600"));
        setFundingRates();
        given().get("/v1/statistics/ETH-PERP/daily?to=2025-05-10T00:00:00Z&limit=2")
                .then()
                .body("items[0].fundingRateSum", equalTo("0.0000003"))
                .body("items[0].fundingRateAverage", equalTo("0.00000015"))
                .body("items[1].fundingRateSum", equalTo("-0.000000004"))
                .body("items[1].fundingRateAverage", equalTo("-0.000000004"));
        given().get("/v1/statistics/ETH-PERP/daily?to=2025-05-08T00:00:00Z&limit=1")
                .then()
                .body("items[0].fundingRateSum", nullValue());
        assertThat(given().get("/v1/statistics/ETH-PERP").<String>path("openInterestShort"))
                .isEqualTo("600");
    }

    /** The last hour of the 8th, the first and the last of the 9th. */
    private void setFundingRates() throws SQLException {
        String rate =
                "insert into funding_rate values (2, %d, 'AUTOMATIC', %d, 0, 1, 1,"
                        + " extract(epoch from timestamptz '%s') * 1000, 1)";
        try (Connection shard = shardDatabase.getConnection();
                Statement statement = shard.createStatement()) {
            statement.execute(rate.formatted(1, -4, "2025-05-09T00:00:00Z"));
            statement.execute(rate.formatted(2, 100, "2025-05-09T01:00:00Z"));
            statement.execute(rate.formatted(3, 200, "2025-05-10T00:00:00Z"));
        }
    }

    @Test
    void shouldKeepPricesAndFoldThemIntoCandlesInOneCommit() throws SQLException {
        await().atMost(PATIENCE)
                .until(() -> lines("market=SOL-PERP&series=ORACLE&frame=1d").size() == 1);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                given().get("/v1/prices/history?market=SOL-PERP&kind=ORACLE")
                                                .asString()
                                                .lines()
                                                .count()
                                        > 20);
        try (Connection connection = shardDatabase.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                with of_ticks as (
                                    select market_id, frame, at_millis - at_millis % frame as begins,
                                        (array_agg(price_units order by at_millis, sequence))[1] as opened,
                                        max(price_units) as highest, min(price_units) as lowest,
                                        (array_agg(price_units order by at_millis desc, sequence desc))[1] as closed,
                                        count(*) as prices
                                    from oracle_tick
                                    cross join (select distinct frame_millis as frame from candle) f
                                    where fault is null
                                    group by 1, 2, 3)
                                select count(*), count(*) filter (where
                                    (open_units, high_units, low_units, close_units, trades)
                                    is distinct from (opened, highest, lowest, closed, prices))
                                from of_ticks full join (select * from candle where series = 'ORACLE') c
                                on c.market_id = of_ticks.market_id and frame_millis = frame
                                and open_millis = begins
                                """)) {
            row.next();
            assertThat(row.getInt(1)).isGreaterThanOrEqualTo(5 * 6);
            assertThat(row.getInt(2)).isZero();
        }
        List<JsonPath> all =
                given().get("/v1/prices/history?market=SOL-PERP&to=" + Instant.now())
                        .asString()
                        .lines()
                        .map(JsonPath::from)
                        .toList();
        assertThat(all).extracting(price -> price.getLong("sequence")).isSorted();
        Instant last = Instant.parse(all.getLast().getString("at"));
        Instant second = Instant.ofEpochSecond(last.getEpochSecond());
        List<String> everySecond =
                given().get(
                                "/v1/prices/history?market=SOL-PERP&everySeconds=1&format=CSV&to="
                                        + second)
                        .asString()
                        .lines()
                        .skip(1)
                        .map(line -> line.split(",", -1)[0])
                        .toList();
        Map<Long, String> expected = new TreeMap<>();
        all.stream()
                .map(price -> price.getString("at"))
                .filter(at -> Instant.parse(at).isBefore(second))
                .forEach(at -> expected.put(Instant.parse(at).getEpochSecond(), at));
        assertThat(everySecond).containsExactlyElementsOf(expected.values());
    }

    @Test
    void shouldRepeatTheLastPriceWhenItsMinuteIsNotKeptAnyMore() throws SQLException {
        try (Connection shard = shardDatabase.getConnection();
                Statement sql = shard.createStatement()) {
            sql.execute(
                    "insert into market_total values (4, 1, 100000000, 12000000, 100000000,"
                            + " 1200000000, 1640995200000)");
        }

        given().get("/v1/statistics/AVAX-PERP")
                .then()
                .statusCode(200)
                .body("open", equalTo("12"))
                .body("high", equalTo("12"))
                .body("low", equalTo("12"))
                .body("close", equalTo("12"))
                .body("trades", equalTo(0))
                .body("lastTradeAt", equalTo("2022-01-01T00:00:00Z"));
    }

    /** A source has whole seconds, and in an outage its last price is published again and again. */
    @Test
    void shouldHaveEveryPriceThoughManyShareATime() throws SQLException {
        long at = Instant.now().minusSeconds(3_600).toEpochMilli() / 1_000 * 1_000;
        int count = 25_000;
        // So many rows may take longer than a statement of the service may.
        try (Connection owner =
                        DriverManager.getConnection(databaseUrl, "market_data_owner", password);
                Statement sql = owner.createStatement()) {
            for (String table : List.of("oracle_tick", "mark_tick")) {
                sql.execute(
                        "select make_history('%s', array[%d, %d])"
                                .formatted(table, at, at + 1_000));
            }
            String prices =
                    " from generate_series(1, %d) as g, unnest(array[%d, %d]) as at"
                            .formatted(count, at, at + 1_000);
            sql.execute(
                    """
                    insert into oracle_tick (
                        market_id, at_millis, sequence, price_units, confidence_units, source, fault)
                    select 900, at, g + at - %d, 5, 0, 'one', 'STALE'
                    """
                                    .formatted(at)
                            + prices);
            sql.execute(
                    """
                    insert into mark_tick (market_id, at_millis, sequence, mark_units, oracle_units)
                    select 900, at, g + at - %d, 5, 5
                    """
                                    .formatted(at)
                            + prices);
        }
        MarketId market = new MarketId(900);

        List<String> oracle = new ArrayList<>();
        List<String> mark = new ArrayList<>();
        int limit = 45_000;
        PriceHistoryQueries.Asked all =
                new PriceHistoryQueries.Asked(market, 0, Long.MAX_VALUE, null, limit);
        prices.oracle(all, price -> oracle.add(price.publishedAtMillis() + " " + price.sequence()));
        prices.mark(all, price -> mark.add(price.atMillis() + " " + price.sequence()));

        List<String> expected = new ArrayList<>();
        for (long time : List.of(at, at + 1_000)) {
            for (int i = 1; i <= count && expected.size() < limit; i++) {
                expected.add(time + " " + (i + time - at));
            }
        }
        assertThat(oracle).isEqualTo(expected);
        assertThat(mark).isEqualTo(expected);
        List<String> last = new ArrayList<>();
        prices.mark(
                new PriceHistoryQueries.Asked(market, 0, Long.MAX_VALUE, 1_000L, limit),
                price -> last.add(price.atMillis() + " " + price.sequence()));
        assertThat(last)
                .containsExactly(expected.get(count - 1), at + 1_000 + " " + (count + 1_000));
    }

    @Test
    void shouldTellOfAMarkWhyItWasNotValidAndItsPredictedFunding() throws SQLException {
        long at = Instant.now().minusSeconds(7_200).toEpochMilli() / 1_000 * 1_000;
        Price price = Price.parse("12.5");
        MarketId avax = new MarketId(4);
        Writes writes = new Writes();
        TickStore.insertMark(
                writes,
                List.of(
                        new MarkPrice(avax, 1, price, price, at),
                        new MarkPrice(
                                avax,
                                2,
                                price,
                                price,
                                at,
                                PriceFault.JUMP_UNCONFIRMED,
                                Rate.parse("-0.0000125"))));
        try (Connection shard = shardDatabase.getConnection();
                Statement sql = shard.createStatement()) {
            sql.execute("select make_history('mark_tick', array[%d])".formatted(at));
            writes.execute(shard);
        }
        String range =
                "/v1/prices/history?market=AVAX-PERP&from=%s&to=%s"
                        .formatted(Instant.ofEpochMilli(at), Instant.ofEpochMilli(at + 1));

        assertThat(given().get(range + "&format=CSV").asString().lines())
                .containsExactly(
                        "at,sequence,mark,oracle,fault,predictedFunding",
                        Instant.ofEpochMilli(at) + ",1,12.5,12.5,,",
                        Instant.ofEpochMilli(at) + ",2,12.5,12.5,JUMP_UNCONFIRMED,-0.0000125");
        List<String> json = given().get(range).asString().lines().toList();
        assertThat(json.getFirst()).doesNotContain("fault", "predictedFunding");
        assertThat(json.getLast())
                .contains("\"fault\":\"JUMP_UNCONFIRMED\",\"predictedFunding\":\"-0.0000125\"");
    }

    /** An interval that ends at midnight is of the day that ends then. */
    @Test
    void shouldTellTheFundingOfEachDayAndTheNewestOfTheMarketWhenRatesWereSet() throws Exception {
        long seed = new SplittableRandom().nextLong();
        System.out.println("HistoryIT funding seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        LocalDate first = LocalDate.parse("2025-01-10");
        Map<String, List<BigDecimal>> rates = new TreeMap<>();
        BigDecimal newest = BigDecimal.ZERO;
        Instant end = first.atStartOfDay(ZoneOffset.UTC).toInstant();
        try (Connection shard = shardDatabase.getConnection();
                Statement sql = shard.createStatement()) {
            for (int i = 0; i < 3; i++) {
                long open = end.plus(Duration.ofDays(i)).toEpochMilli();
                sql.execute(
                        "insert into candle values (%d, 'TRADES', 86400000, %2$d, %2$d, %2$d, 1, 1, 1, 1, 1, 1, 1)"
                                .formatted(SOL.value(), open));
            }
            for (int hour = 1; hour <= 48; hour++) {
                end = end.plus(Duration.ofHours(1));
                newest = BigDecimal.valueOf(random.nextLong(-40_000_000, 40_000_000), 9);
                rates.computeIfAbsent(
                                first.plusDays((hour - 1) / 24).toString(),
                                day -> new ArrayList<>())
                        .add(newest);
                sql.execute(
                        "insert into funding_rate values (%d, %d, 'AUTOMATIC', %s, 0, 1, 1, %4$d, %4$d)"
                                .formatted(
                                        SOL.value(),
                                        1_000_000 + hour,
                                        newest.unscaledValue(),
                                        end.toEpochMilli()));
            }
            try (ResultSet summary =
                    sql.executeQuery(
                            "select funding_kind, funding_rate_nanos, funding_interval_end_millis"
                                    + " from market_summary where market_id = "
                                    + SOL.value())) {
                assertThat(summary.next()).isTrue();
                assertThat(summary.getString(1)).isEqualTo("AUTOMATIC");
                assertThat(summary.getLong(2)).isEqualTo(newest.unscaledValue().longValueExact());
                assertThat(summary.getLong(3)).isEqualTo(end.toEpochMilli());
            }
        }

        List<Map<String, String>> days =
                given().get(
                                "/v1/statistics/SOL-PERP/daily?from=2025-01-10T00:00:00Z&to=2025-01-13T00:00:00Z")
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("items");

        assertThat(days)
                .extracting(day -> day.get("day"))
                .containsExactly("2025-01-12", "2025-01-11", "2025-01-10");
        assertThat(days.getFirst().get("fundingRateSum")).isNull();
        for (Map<String, String> day : days.subList(1, 3)) {
            List<BigDecimal> ofDay = rates.get(day.get("day"));
            BigDecimal sum = ofDay.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(ofDay).hasSize(24);
            assertThat(new BigDecimal(day.get("fundingRateSum"))).isEqualByComparingTo(sum);
            assertThat(new BigDecimal(day.get("fundingRateAverage")))
                    .isEqualByComparingTo(
                            sum.divide(BigDecimal.valueOf(24), 9, RoundingMode.HALF_EVEN));
        }
    }

    /** A client that does not read holds a turn of its own, and no more memory than its buffers. */
    @Test
    void shouldFoldOnWhenAVolumeIsMoreThanCanBeWritten() throws Exception {
        Instant day = Instant.parse("2025-03-01T00:00:00Z");
        publish(
                List.of(
                        trade(
                                1,
                                SOL,
                                Price.parse("0.001"),
                                Quantity.parse("50000000000"),
                                day,
                                Quantity.ZERO),
                        trade(
                                2,
                                SOL,
                                Price.parse("0.002"),
                                Quantity.parse("50000000000"),
                                day.plusSeconds(3_600),
                                Quantity.ZERO),
                        trade(
                                3,
                                SOL,
                                Price.parse("0.003"),
                                Quantity.parse("2"),
                                day.plus(Duration.ofDays(1)),
                                Quantity.ZERO)));
        await().atMost(PATIENCE).until(() -> totalTrades("SOL-PERP") == 3);

        given().get(
                        "/v1/candles?market=SOL-PERP&frame=1d&from=%s&to=%s"
                                .formatted(day, day.plus(Duration.ofDays(2))))
                .then()
                .body("items.volume", equalTo(List.of("2", "92233720368.54775807")))
                .body("items.volumeUsd", equalTo(List.of("0.006", "150000000")))
                .body("items.trades", equalTo(List.of(1, 2)));
        given().get("/v1/statistics/SOL-PERP").then().body("totalVolume", equalTo("100000000002"));
    }

    @Test
    void shouldAnswerFewLongRequestsAtATime() throws Exception {
        publish(List.of(trade(1, MATIC, 1, Instant.parse("2022-01-01T00:00:00Z"), 1)));
        await().atMost(PATIENCE).until(() -> totalTrades("MATIC-PERP") == 1);
        String path = "/v1/candles/history?market=MATIC-PERP";
        List<InputStream> unread = new ArrayList<>();
        HttpClient http = HttpClient.newHttpClient();
        try {
            for (int i = 0; i < 4; i++) {
                HttpResponse<InputStream> response =
                        http.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        RestAssured.baseURI
                                                                + ":"
                                                                + RestAssured.port
                                                                + path))
                                        .header("X-Forwarded-For", "192.0.2." + (1 + i / 2))
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.statusCode()).isEqualTo(200);
                unread.add(response.body());
                if (i == 1) {
                    given().header("X-Forwarded-For", "192.0.2.9, 192.0.2.1")
                            .get(path + "&frame=1d")
                            .then()
                            .statusCode(429)
                            .header("Retry-After", notNullValue())
                            .body("code", equalTo("RATE_LIMITED"));
                    given().get(path + "&frame=1d").then().statusCode(200);
                }
            }

            given().get(path + "&frame=1d")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .body("code", equalTo("OVERLOADED"));

            long lines = 0;
            try (BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(unread.getFirst(), StandardCharsets.UTF_8))) {
                while (reader.readLine() != null) {
                    lines++;
                }
            }
            assertThat(lines).isEqualTo(2_000_000);
        } finally {
            for (InputStream body : unread) {
                body.close();
            }
        }
        for (String client : List.of("192.0.2.1", "192.0.2.2", "192.0.2.3")) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    given().header("X-Forwarded-For", client)
                                                    .get(path + "&frame=1d")
                                                    .statusCode()
                                            == 200);
        }
    }

    @Test
    void shouldNameTheFieldWhenAQueryIsMalformed() {
        given().get("/v1/candles?market=BTC-PERP&frame=2m")
                .then()
                .statusCode(400)
                .body("field", equalTo("frame"));
        given().get("/v1/candles/history?market=BTC-PERP&series=trades")
                .then()
                .statusCode(400)
                .body("field", equalTo("series"))
                .body("allowed", contains("TRADES", "ORACLE", "IMPORT"));
        given().get("/v1/candles/history?market=BTC-PERP&format=XML")
                .then()
                .statusCode(400)
                .body("field", equalTo("format"));
        given().get("/v1/prices/history?market=BTC-PERP&everySeconds=0")
                .then()
                .statusCode(400)
                .body("field", equalTo("everySeconds"));
        given().get("/v1/prices/history?market=NONE-PERP").then().statusCode(404);
        given().get("/v1/statistics/BTC-PERP/daily?from=x")
                .then()
                .statusCode(400)
                .body("field", equalTo("from"));
    }

    private static JsonPath post(String market, int firstRow, List<String> rows) {
        return given().header("Authorization", IMPORTER)
                .contentType("text/csv")
                .body(HEADER + String.join("\n", rows))
                .post("/v1/candles/imports?market=" + market + "&firstRow=" + firstRow)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    /** Some days with a fall, or the file that a property names. */
    private static List<String> recordedBars() throws IOException {
        String chosen = System.getProperty("perpetua.history.bars");
        try (InputStream file =
                        chosen == null
                                ? HistoryIT.class.getResourceAsStream(BARS)
                                : Files.newInputStream(Path.of(chosen));
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).toList();
        }
    }

    /** A recorded bar as the history of candles writes it. */
    private static String minute(String row) {
        String[] cells = row.split(",", -1);
        Bar bar = new Bar(new BigDecimal(cells[1]));
        bar.add(cells);
        return instant(row)
                + ","
                + String.join(
                        ",",
                        plain(bar.open),
                        plain(bar.high),
                        plain(bar.low),
                        plain(bar.close),
                        "",
                        plain(bar.volumeUsd),
                        "1");
    }

    private static Instant instant(String row) {
        return Instant.parse(row.substring(0, 19).replace(' ', 'T') + "Z");
    }

    /** Those in which something happened; the others are too many to be parsed one by one. */
    private static List<JsonPath> candles(String query) {
        return lines(query).stream()
                .filter(line -> !line.endsWith("\"trades\":0}"))
                .map(JsonPath::from)
                .toList();
    }

    private static List<String> lines(String query) {
        return given().get("/v1/candles/history?" + query)
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
    }

    private static String bar(Map<?, ?> candle) {
        return candle.get("open")
                + " "
                + candle.get("high")
                + " "
                + candle.get("low")
                + " "
                + candle.get("close")
                + " "
                + candle.get("volumeUsd")
                + " "
                + candle.get("trades");
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** By time, those of one time in the order they came. */
    private static List<String> fold(List<TradeExecuted> trades, Frame frame) {
        TreeMap<Long, List<TradeExecuted>> cut = new TreeMap<>();
        trades.stream()
                .sorted(Comparator.comparingLong(TradeExecuted::atMillis))
                .forEach(
                        trade ->
                                cut.computeIfAbsent(
                                                trade.atMillis()
                                                        - trade.atMillis() % frame.millis(),
                                                begin -> new ArrayList<>())
                                        .add(trade));
        List<String> candles = new ArrayList<>();
        cut.forEach(
                (begin, inside) -> {
                    BigDecimal volume = BigDecimal.ZERO;
                    Bar bar = new Bar(new BigDecimal(inside.getFirst().price().toString()));
                    for (TradeExecuted trade : inside) {
                        String price = trade.price().toString();
                        bar.add(
                                new String[] {
                                    "", price, price, price, price, trade.notional().toString()
                                });
                        volume = volume.add(new BigDecimal(trade.size().toString()));
                    }
                    candles.add(Instant.ofEpochMilli(begin) + " " + plain(volume) + " " + bar);
                });
        return candles;
    }

    private static List<TradeExecuted> trades(SplittableRandom random, int count) {
        List<TradeExecuted> trades = new ArrayList<>();
        Instant at = Instant.parse("2025-05-05T11:00:00Z");
        for (int i = 1; i <= count; i++) {
            at = at.plusMillis(random.nextInt(i % 40 == 0 ? 15_000_000 : 20_000));
            Instant late = at.minusSeconds(random.nextInt(10) == 0 ? random.nextInt(4_000) : 0);
            trades.add(trade(i, ETH, 1_000 + random.nextInt(100), late, i));
        }
        return trades;
    }

    private static TradeExecuted trade(
            int id, MarketId market, int dollars, Instant at, int openInterest) {
        return trade(
                id,
                market,
                Price.parse(Integer.toString(dollars)),
                Quantity.parse("0.25"),
                at,
                Quantity.parse(Integer.toString(openInterest)));
    }

    private static TradeExecuted trade(
            int id,
            MarketId market,
            Price price,
            Quantity size,
            Instant at,
            Quantity openInterest) {
        return new TradeExecuted(
                new TradeId(id),
                market,
                price,
                size,
                Amounts.notional(price, size),
                Side.BUY,
                openInterest,
                at.toEpochMilli());
    }

    /** As orders-service would: numbered, in order. */
    private void publish(List<TradeExecuted> trades) throws SQLException {
        if (!relayed) {
            relayed = true;
            eventlog.relay(ORDERS, shardDatabase);
        }
        for (int from = 0; from < trades.size(); from += 10) {
            List<Outgoing> records =
                    trades.subList(from, Math.min(trades.size(), from + 10)).stream()
                            .map(
                                    trade ->
                                            new Outgoing(
                                                    Topics.TRADES.name(),
                                                    Partitions.of(trade.market()),
                                                    null,
                                                    EventCodec.encode(TradeExecuted.class, trade),
                                                    null))
                            .toList();
            try (Connection connection = shardDatabase.getConnection()) {
                connection.setAutoCommit(false);
                eventlog.emit(connection, ORDERS, records);
                connection.commit();
                connection.setAutoCommit(true);
            }
            eventlog.committed(ORDERS);
        }
    }

    private static int totalTrades(String symbol) {
        var response = given().get("/v1/statistics/" + symbol);
        return response.statusCode() == 200 ? response.<Integer>path("totalTrades") : -1;
    }

    private boolean databaseAnswers() {
        try (Connection connection = shardDatabase.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException down) {
            return false;
        }
    }
}
