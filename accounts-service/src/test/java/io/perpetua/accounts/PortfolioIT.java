package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.numbered;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user has, with a risk-service that answers, or doesn't. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(RiskPort.class)
class PortfolioIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject Eventlog eventlog;
    @Inject AccountsConfig config;

    @Inject
    @DataSource("shard")
    AgroalDataSource shardDatabase;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String answer = "";
    private volatile int status = 200;
    private volatile boolean hangs;
    private HttpServer risk;
    private TestUser user;

    @BeforeEach
    void start() throws IOException {
        risk =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), RiskPort.port()),
                        0);
        risk.setExecutor(threads);
        risk.createContext("/v1/accounts", this::answer);
        risk.start();
        user = TestWallet.generate().signIn();
        user.faucet(user.subaccount(), "1000", "start").then().statusCode(201);
    }

    @AfterEach
    void stop() {
        over.countDown();
        risk.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
        try {
            if (hangs) {
                var _ = over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private String account(String withdrawable, String valuation, int credits) {
        return """
               {"items":[{"subaccountId":"%s","collateral":"1000","equity":"1010.5",
                "unrealisedPnl":"10.5","initialMargin":"50","maintenanceMargin":"30",
                "withdrawable":%s,"valuation":"%s","positions":1,"openOrders":2,
                "settlementSequence":0,"creditSequence":%d}]}
               """
                .formatted(user.subaccount(), withdrawable, valuation, credits);
    }

    @Test
    void shouldDivideTheBalanceByWhatRiskSaysWhenItIsAskedInTheUsersName() throws Exception {
        answer = account("\"940.25\"", "LIVE", 1);

        user.request()
                .get("/v1/balances")
                .then()
                .statusCode(200)
                .body("items[0].balance", equalTo("1000"))
                .body("items[0].locked", equalTo("59.75"))
                .body("items[0].available", equalTo("940.25"))
                .body("items[0].availability", equalTo("KNOWN"));

        String token = tokens.take();
        assertThat(token).startsWith("Bearer ").doesNotContain(user.token());
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
        assertThat(claims.path("sub").asText()).isEqualTo(Long.toString(user.id()));
        assertThat(claims.path("sid").asText()).isNotEqualTo(user.signIn()).isNotEmpty();
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(15);
    }

    @Test
    void shouldShowTheBalanceAloneWhenRiskIsBehindOrHasNoMark() {
        answer = account("\"940\"", "LIVE", 0);
        undivided("BEHIND");
        answer = account("\"940\"", "STALE", 1);
        undivided("UNAVAILABLE");
        answer = account("null", "UNAVAILABLE", 1);
        undivided("UNAVAILABLE");
        answer = "{\"items\":[]}";
        undivided("BEHIND");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{\"items\":3}", "{\"items\":[{}]}", "<html>", "HUGE"})
    void shouldShowTheBalanceAloneWhenRiskAnswersNonsense(String nonsense) {
        answer = nonsense.equals("HUGE") ? " ".repeat(300_000) : nonsense;
        undivided("UNAVAILABLE");
    }

    @Test
    void shouldShowTheBalanceAloneWhenRiskFailsOrIsGone() {
        answer = account("\"940\"", "LIVE", 1);
        status = 503;
        undivided("UNAVAILABLE");
        status = 302;
        undivided("UNAVAILABLE");
        risk.stop(0);
        undivided("UNAVAILABLE");
    }

    @Test
    void shouldNotWaitLongWhenRiskHangs() throws Exception {
        hangs = true;
        Duration atMost = Duration.ofMillis(config.riskMillis()).multipliedBy(4);
        assertThat(atMost).isLessThan(PATIENCE);
        long begin = System.nanoTime();
        undivided("UNAVAILABLE");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(atMost);

        tokens.clear();
        List<Future<?>> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asked.add(threads.submit(() -> undivided("UNAVAILABLE")));
        }
        for (Future<?> one : asked) {
            one.get();
        }
        assertThat(tokens).as("turns are two").hasSizeLessThan(asked.size());
    }

    private void undivided(String availability) {
        user.request()
                .get("/v1/balances")
                .then()
                .statusCode(200)
                .body("items[0].balance", equalTo("1000"))
                .body("items[0].locked", nullValue())
                .body("items[0].available", nullValue())
                .body("items[0].availability", equalTo(availability));
    }

    @Test
    void shouldShowAllThatAUserHas() throws Exception {
        answer = account("\"940.25\"", "LIVE", 1);
        long now = System.currentTimeMillis();
        new RiskSide(bootstrapServers)
                .send(
                        numbered(
                                new TradesSettled(
                                        new UserId(user.id()),
                                        new SubaccountId(Long.parseLong(user.subaccount())),
                                        new MarketId(1),
                                        1,
                                        new TradeId(1),
                                        new TradeId(1),
                                        1,
                                        Usd.parse("500"),
                                        Usd.parse("3"),
                                        Usd.parse("1"),
                                        now)));
        value("10.5", now);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                user.request()
                                        .get("/v1/portfolio")
                                        .then()
                                        .statusCode(200)
                                        .body("balances[0].balance", equalTo("1002"))
                                        .body("lifetime.unrealisedPnl", equalTo("10.5")));

        user.request()
                .get("/v1/portfolio")
                .then()
                .body("availability", equalTo("KNOWN"))
                .body("balances[0].locked", equalTo("61.75"))
                .body("equity", equalTo("1010.5"))
                .body("unrealisedPnl", equalTo("10.5"))
                .body("initialMargin", equalTo("50"))
                .body("maintenanceMargin", equalTo("30"))
                .body("positions", equalTo(1))
                .body("openOrders", equalTo(2))
                .body("lifetime.volume", equalTo("500"))
                .body("lifetime.realisedPnl", equalTo("3"))
                .body("lifetime.fees", equalTo("1"));
        assertThat(portfolioInSql())
                .isEqualTo("USDC 1002000000 500000000 3000000 1000000 10500000");

        answer = "";
        user.request()
                .get("/v1/portfolio")
                .then()
                .statusCode(200)
                .body("availability", equalTo("UNAVAILABLE"))
                .body("balances[0].balance", equalTo("1002"))
                .body("equity", nullValue())
                .body("positions", nullValue())
                .body("lifetime.fills", equalTo(1));
    }

    private String portfolioInSql() throws SQLException {
        try (Connection connection = shardDatabase.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select concat_ws(' ', asset, balance_micros,"
                                        + " lifetime_volume_micros, lifetime_realised_micros,"
                                        + " lifetime_fee_micros, unrealised_micros)"
                                        + " from user_portfolio where user_id = "
                                        + user.id())) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    @Test
    void shouldKeepTheNewestValuationOfEachDayWhateverComesLate() {
        long noon = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
        long day = Duration.ofDays(1).toMillis();

        value("5", noon);
        value("7", noon + 1);
        value("6", noon - 1);
        value("-2.5", noon + day);
        value("0", noon + 2 * day);
        value("9", noon + 2 * day - 1);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                user.request()
                                        .get("/v1/users/me/statistics/days")
                                        .then()
                                        .body(
                                                "items.day",
                                                contains("2026-03-03", "2026-03-02", "2026-03-01"))
                                        .body("items.unrealisedPnl", contains("0", "-2.5", "7")));
        user.request()
                .get("/v1/users/me/statistics/days")
                .then()
                .body("items[2].valuedAt", equalTo("2026-03-01T12:00:00.001Z"))
                .body("items[2].fills", equalTo(0));
        user.request()
                .get("/v1/users/me/statistics")
                .then()
                .body("unrealisedPnl", equalTo("0"))
                .body("days", equalTo(0));
    }

    @Test
    void shouldKeepNothingOfTheDeletedAndTheUnknown() throws Exception {
        TestUser deleted = TestWallet.generate().signIn();
        try (Connection connection = shardDatabase.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update app_user set state = 'CLOSING' where user_id = " + deleted.id());
            statement.execute(
                    "update app_user set state = 'DELETED' where user_id = " + deleted.id());
        }
        long now = System.currentTimeMillis();

        value(deleted.id(), "5", now);
        value("5", now);
        value(user.id() + Partitions.USERS * 1_000_000L, "5", now);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                user.request()
                                        .get("/v1/users/me/statistics")
                                        .then()
                                        .body("unrealisedPnl", equalTo("5")));
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> valued(deleted) == 0);
    }

    private int valued(TestUser of) throws SQLException {
        try (Connection connection = shardDatabase.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*) from user_day_valuation where user_id = "
                                        + of.id())) {
            row.next();
            return row.getInt(1);
        }
    }

    private void value(String unrealised, long atMillis) {
        value(user.id(), unrealised, atMillis);
    }

    /** As risk-service would. */
    private void value(long userId, String unrealised, long atMillis) {
        UserValuation valuation =
                new UserValuation(new UserId(userId), Usd.parse(unrealised), atMillis);
        eventlog.send(
                        new Outgoing(
                                Topics.USER_VALUATIONS.name(),
                                Partitions.of(valuation.user()),
                                valuation.user().toString(),
                                EventCodec.encode(UserValuation.class, valuation),
                                null))
                .toCompletableFuture()
                .join();
    }

    @Test
    void shouldRefuseWhoIsNotSignedIn() {
        given().get("/v1/portfolio").then().statusCode(401);
    }
}
