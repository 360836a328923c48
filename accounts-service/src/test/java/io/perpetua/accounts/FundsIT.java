package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.ExchangeBalances.Answer;
import io.perpetua.accounts.app.ExchangeBalances.Failure;
import io.perpetua.accounts.app.ExchangesConfig;
import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.ExchangeRequest;
import io.perpetua.accounts.domain.exchange.SignedParts.Part;
import io.perpetua.accounts.messaging.ExchangeClient;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.LocalExchanges;
import io.perpetua.testkit.LocalExchanges.Exchange;
import io.perpetua.testkit.LocalExchanges.Mood;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What users have at other exchanges, which run beside the test and check every signature. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(ExchangesPort.class)
class FundsIT {
    private static final String KEYS = "/v1/exchange-keys";
    private static final String FUNDS = "/v1/funds";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** By idle_in_transaction_session_timeout, after five seconds. */
    private static final Duration BEFORE_THEY_ARE_CUT = Duration.ofSeconds(4);

    private static LocalExchanges exchanges;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject AccountsConfig config;

    private TestUser user;

    @BeforeAll
    static void begin() {
        exchanges = LocalExchanges.start(ExchangesPort.port());
    }

    @AfterAll
    static void end() {
        exchanges.close();
    }

    @BeforeEach
    void makeAUser() {
        exchanges.reset();
        user = TestWallet.generate().signIn();
    }

    private static String keep(TestUser owner, Exchange exchange) {
        return keep(owner, exchange, Map.of());
    }

    private static String keep(TestUser owner, Exchange exchange, Map<String, Object> other) {
        Map<String, Object> body = new HashMap<>();
        body.put("clientKeyId", exchange.name());
        body.put("key", LocalExchanges.KEY);
        switch (exchange) {
            case BINANCE -> {
                body.put("exchange", "Binance");
                body.put("secret", LocalExchanges.BINANCE_SECRET);
            }
            case COINBASE_ADVANCED -> {
                body.put("exchange", "Coinbase");
                body.put("secret", LocalExchanges.PEM_SECRET);
            }
            case COINBASE_EXCHANGE -> {
                body.put("exchange", "coinbase");
                body.put("secret", LocalExchanges.BASE64_SECRET);
                body.put("passphrase", LocalExchanges.PASSPHRASE);
            }
            case KRAKEN -> {
                body.put("exchange", "Kraken");
                body.put("secret", LocalExchanges.BASE64_SECRET);
            }
            case ZERODHA -> {
                body.put("exchange", "Zerodha");
                body.put("secret", "api-secret");
                body.put("passphrase", LocalExchanges.PASSPHRASE);
            }
        }
        body.putAll(other);
        return owner.request().body(body).post(KEYS).then().statusCode(201).extract().path("id");
    }

    private static Response fetch(TestUser owner, String id) {
        return owner.request().post(KEYS + "/" + id + "/funds");
    }

    private CompletableFuture<Response> fetchAside(String id) {
        return CompletableFuture.supplyAsync(
                () -> fetch(user, id), work -> Thread.ofVirtual().start(work));
    }

    private static List<String> lines(Response answer) {
        return answer.jsonPath().<Map<String, String>>getList("items").stream()
                .map(
                        one ->
                                Stream.of("account", "currency", "free", "locked", "total")
                                        .map(name -> String.valueOf(one.get(name)))
                                        .reduce((a, b) -> a + " " + b)
                                        .orElseThrow())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BINANCE           | null BTC 4723846.89208129 0 4723846.89208129,"
                        + "null LTC 4763368.68006011 0.00000001 4763368.68006012",
                "COINBASE_ADVANCED | null BTC 2.46 0.000000000000000002 2.460000000000000002",
                "COINBASE_EXCHANGE | null USD 100 0.5 100.5",
                "KRAKEN            | null ZUSD 17185.45 8249.76 25435.21,"
                        + "null XXBT 1.1512 0.8423 1.9935",
                "ZERODHA           | equity INR 99725.05000000002 145706.55 245431.60000000002,"
                        + "commodity INR 100661.7 0 100661.7",
            })
    void shouldKeepWhatAnExchangeSaysToTheDigit(Exchange exchange, String expected) {
        String id = keep(user, exchange);

        Response fetched = fetch(user, id);

        fetched.then().statusCode(200).body("exchangeKeyId", equalTo(id));
        assertThat(lines(fetched)).containsExactly(expected.split(","));
        assertThat(exchanges.asked(exchange))
                .isEqualTo(exchange == Exchange.COINBASE_ADVANCED ? 2 : 1);
        Response listed = user.request().get(FUNDS);
        assertThat(lines(listed).stream().skip(1)).containsExactly(expected.split(","));
        listed.then()
                .body("items[0].exchange", equalTo("perpetua"))
                .body("items[0].exchangeKeyId", nullValue())
                .body("items[1].exchangeKeyId", equalTo(id))
                .body("items[1].asOf", equalTo(fetched.path("asOf")));
        assertThat(fetched.asString() + listed.asString())
                .doesNotContain(LocalExchanges.KEY, LocalExchanges.PASSPHRASE);
    }

    @Test
    void shouldReplaceTheLastAnswerAsAWholeAndKeepItWhenAnotherFails() {
        String id = keep(user, Exchange.BINANCE);
        fetch(user, id).then().statusCode(200);
        exchanges.say(
                Exchange.BINANCE,
                "{\"balances\":[{\"asset\":\"DOT\",\"free\":\"7\",\"locked\":\"0\"}]}");

        Response second = fetch(user, id);
        exchanges.be(Exchange.BINANCE, Mood.BROKEN);
        fetch(user, id).then().statusCode(502);

        assertThat(lines(second)).containsExactly("null DOT 7 0 7");
        Response listed = user.request().get(FUNDS);
        assertThat(lines(listed).stream().skip(1)).containsExactly("null DOT 7 0 7");
        listed.then().body("items[1].asOf", equalTo(second.path("asOf")));
        exchanges.reset();
        exchanges.say(Exchange.BINANCE, "{\"balances\":[]}");
        assertThat(lines(fetch(user, id))).isEmpty();
        assertThat(lines(user.request().get(FUNDS))).hasSize(1);
    }

    @Test
    void shouldNotPutAnOlderAnswerInThePlaceOfAYoungerOne() throws SQLException {
        String id = keep(user, Exchange.BINANCE);
        fetch(user, id).then().statusCode(200);
        exchanges.say(Exchange.BINANCE, "{\"balances\":[]}");
        owner(
                "update exchange_key set funds_as_of = now() + interval '1 hour'"
                        + " where exchange_key_id = "
                        + id);

        assertThat(lines(fetch(user, id))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "BUSY, 502, EXCHANGE_UNREACHABLE",
        "BROKEN, 502, EXCHANGE_UNREACHABLE",
        "ENDLESS, 502, EXCHANGE_UNREACHABLE",
        "REDIRECTING, 502, EXCHANGE_ANSWER_INVALID",
    })
    void shouldSayWhatIsWrongWithAnExchange(Mood mood, int status, String code) {
        String id = keep(user, Exchange.BINANCE);
        exchanges.be(Exchange.BINANCE, mood);

        Response answer = fetch(user, id);

        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code));
        assertThat(answer.asString()).doesNotContain("127.0.0.1", LocalExchanges.KEY);
        assertThat(lines(user.request().get(FUNDS))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"SILENT", "SLOW"})
    void shouldWaitForAnExchangeNoLongerThanItMay(Mood mood) {
        ExchangesConfig within =
                OtherSettings.with(ExchangesConfig.class, config.exchanges(), "answerMillis", 500);
        ExchangeClient hasty =
                new ExchangeClient(
                        OtherSettings.with(AccountsConfig.class, config, "exchanges", within));
        String token = "token " + LocalExchanges.KEY + ":" + LocalExchanges.PASSPHRASE;
        List<ExchangeRequest> request =
                List.of(
                        new ExchangeRequest(
                                "GET",
                                "/user/margins",
                                "",
                                "",
                                List.of(
                                        new Part("X-Kite-Version", "3"),
                                        new Part("Authorization", token))));
        exchanges.be(Exchange.ZERODHA, mood);

        Answer answer = hasty.ask(ExchangeApi.KITE_CONNECT, request);

        assertThat(answer).isEqualTo(new Answer.Failed(Failure.EXCHANGE_UNREACHABLE));
        exchanges.reset();
        assertThat(new ExchangeClient(config).ask(ExchangeApi.KITE_CONNECT, request))
                .isInstanceOf(Answer.Balances.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "BINANCE | not json",
                "BINANCE | []",
                "BINANCE | {\"balances\":{}}",
                "BINANCE | {\"balances\":[]} x",
                "BINANCE | {\"balances\":[],\"balances\":[]}",
                "BINANCE | {\"balances\":[{\"asset\":\"BTC\",\"free\":1,\"locked\":\"0\"}]}",
                "BINANCE | {\"balances\":[{\"asset\":\"BTC\",\"free\":\"1\"}]}",
                "BINANCE | {\"balances\":[{\"asset\":\"BTC\",\"free\":\"1e5\",\"locked\":\"0\"}]}",
                "BINANCE | {\"balances\":[{\"asset\":\"BTC\",\"free\":\"1\",\"locked\":\"-1\"}]}",
                "BINANCE | {\"balances\":[{\"asset\":\"B'; <\",\"free\":\"1\",\"locked\":\"0\"}]}",
                "BINANCE | {\"balances\":[{\"asset\":\"B\",\"free\":\"1000000000000000000000000\",\"locked\":\"0\"}]}",
                "BINANCE | {\"balances\":[{\"asset\":\"B\",\"free\":\"0.0000000000000000000000001\",\"locked\":\"0\"}]}",
                "COINBASE_ADVANCED | {\"accounts\":[],\"has_next\":true,\"cursor\":\"\"}",
                "COINBASE_ADVANCED | {\"accounts\":[]}",
                "COINBASE_ADVANCED | {\"accounts\":[{\"currency\":\"BTC\",\"available_balance\":{\"value\":\"1\",\"currency\":\"ETH\"},\"hold\":{\"value\":\"1\",\"currency\":\"BTC\"}}],\"has_next\":false}",
                "COINBASE_ADVANCED | {\"accounts\":[],\"has_next\":true,\"cursor\":\"78=91&00\"}",
                "COINBASE_EXCHANGE | {\"message\":\"x\"}",
                "KRAKEN | {\"result\":{}}",
                "KRAKEN | {\"error\":[\"EGeneral:Internal error\"]}",
                "KRAKEN | {\"error\":[],\"result\":{\"ZUSD\":{\"balance\":\"1\"}}}",
                "ZERODHA | {\"status\":\"error\",\"data\":{}}",
                "ZERODHA | {\"status\":\"success\",\"data\":{\"equity\":{\"net\":\"1\",\"utilised\":{\"debits\":0}}}}",
                "ZERODHA | {\"status\":\"success\",\"data\":{\"equity\":{\"net\":1E+2147483647,\"utilised\":{\"debits\":0}}}}",
                "ZERODHA | {\"status\":\"success\",\"data\":{\"equity\":{\"net\":1,\"utilised\":{\"debits\":1e-999999999}}}}",
            })
    void shouldTakeNoAnswerThatIsNotAsDocumented(Exchange exchange, String answer) {
        String id = keep(user, exchange);
        exchanges.say(exchange, answer);

        fetch(user, id).then().statusCode(502).body("code", equalTo("EXCHANGE_ANSWER_INVALID"));
    }

    @Test
    void shouldCountNothingAsLockedWhereSoldHoldingsBroughtInMore() {
        String id = keep(user, Exchange.ZERODHA);
        exchanges.say(
                Exchange.ZERODHA,
                "{\"status\":\"success\",\"data\":{\"equity\":{\"net\":1500.5,"
                        + "\"utilised\":{\"debits\":-500.5}}}}");

        Response fetched = fetch(user, id);

        fetched.then().statusCode(200);
        assertThat(lines(fetched)).containsExactly("equity INR 1500.5 0 1500.5");
    }

    @Test
    void shouldTakeNoMoreCurrenciesThanItsBound() {
        String id = keep(user, Exchange.BINANCE);
        List<String> balances = new ArrayList<>();
        for (int i = 0; i < 501; i++) {
            balances.add("{\"asset\":\"A%d\",\"free\":\"1\",\"locked\":\"0\"}".formatted(i));
        }
        exchanges.say(Exchange.BINANCE, "{\"balances\":" + balances + "}");
        fetch(user, id).then().statusCode(502);

        exchanges.say(Exchange.BINANCE, "{\"balances\":" + balances.subList(0, 500) + "}");
        assertThat(lines(fetch(user, id))).hasSize(500);
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            var request = user.request().queryParam("limit", 150);
            Response page =
                    (cursor == null ? request : request.queryParam("cursor", cursor)).get(FUNDS);
            seen.addAll(page.<List<String>>path("items.currency"));
            cursor = page.path("nextCursor");
        } while (cursor != null);
        assertThat(seen).hasSize(501).doesNotHaveDuplicates().startsWith("USDC", "A0", "A1");
    }

    @ParameterizedTest
    @EnumSource(Exchange.class)
    void shouldSayThatAnExchangeRefusesTheKey(Exchange exchange) {
        String id = keep(user, exchange, Map.of("key", "another"));

        Response answer = fetch(user, id);

        answer.then().statusCode(422).body("code", equalTo("EXCHANGE_REFUSED_KEY"));
        assertThat(exchanges.asked(exchange)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Exchange.class,
            names = {"BINANCE", "COINBASE_EXCHANGE", "KRAKEN"})
    void shouldFailWhenTheSignatureIsWrong(Exchange exchange) {
        String id = keep(user, exchange, Map.of("secret", "bm90IHRoZSBzZWNyZXQ="));

        fetch(user, id).then().statusCode(422).body("code", equalTo("EXCHANGE_REFUSED_KEY"));
    }

    @Test
    void shouldAskNobodyWhenARuleForbidsIt() {
        String unknown = keep(user, Exchange.BINANCE, Map.of("exchange", "Elsewhere"));
        fetch(user, unknown)
                .then()
                .statusCode(422)
                .body("code", equalTo("EXCHANGE_UNSUPPORTED"))
                .body("allowed", equalTo(List.of("Binance", "Coinbase", "Kraken", "Zerodha")));
        String trading =
                keep(
                        user,
                        Exchange.BINANCE,
                        Map.of("clientKeyId", "t", "scopes", List.of("TRADE")));
        fetch(user, trading).then().statusCode(422).body("code", equalTo("PURPOSE_OUT_OF_SCOPE"));
        String off = keep(user, Exchange.BINANCE, Map.of("clientKeyId", "off"));
        user.request().body("{\"active\":false}").patch(KEYS + "/" + off).then().statusCode(200);
        fetch(user, off).then().statusCode(422).body("code", equalTo("KEY_INACTIVE"));
        String split =
                keep(user, Exchange.BINANCE, Map.of("clientKeyId", "n", "key", "a\r\nX-Evil: b"));
        fetch(user, split).then().statusCode(422).body("code", equalTo("SECRET_MALFORMED"));
        String foreign = keep(TestWallet.generate().signIn(), Exchange.BINANCE);
        fetch(user, foreign).then().statusCode(404).body("code", equalTo("EXCHANGE_KEY_UNKNOWN"));
        given().contentType("application/json")
                .post(KEYS + "/" + off + "/funds")
                .then()
                .statusCode(401);
        given().get(FUNDS).then().statusCode(401);

        for (Exchange exchange : Exchange.values()) {
            assertThat(exchanges.asked(exchange)).isZero();
        }
    }

    @Test
    void shouldTakeTheAccessTokenOfTheDay() {
        Map<String, Object> stale = Map.of("passphrase", "of-yesterday");
        String id = keep(user, Exchange.ZERODHA, stale);
        fetch(user, id).then().statusCode(422).body("code", equalTo("EXCHANGE_REFUSED_KEY"));

        Response changed =
                user.request()
                        .body(Map.of("passphrase", LocalExchanges.PASSPHRASE))
                        .patch(KEYS + "/" + id);

        changed.then().statusCode(200).body("hasPassphrase", equalTo(true));
        assertThat(changed.asString()).doesNotContain(LocalExchanges.PASSPHRASE);
        fetch(user, id).then().statusCode(200);
        String bare =
                user.request()
                        .body(
                                Map.of(
                                        "clientKeyId", "bare",
                                        "exchange", "Zerodha",
                                        "key", LocalExchanges.KEY,
                                        "secret", "api-secret"))
                        .post(KEYS)
                        .path("id");
        fetch(user, bare).then().statusCode(422).body("code", equalTo("PASSPHRASE_MISSING"));
        user.request()
                .body(Map.of("passphrase", LocalExchanges.PASSPHRASE))
                .patch(KEYS + "/" + bare)
                .then()
                .statusCode(200);
        fetch(user, bare).then().statusCode(200);
        user.request()
                .body(
                        Map.of(
                                "clientKeyId", "bare",
                                "exchange", "Zerodha",
                                "key", LocalExchanges.KEY,
                                "secret", "api-secret"))
                .post(KEYS)
                .then()
                .statusCode(200)
                .body("id", equalTo(bare));
    }

    @Test
    void shouldHaveItInTheAuditLogBeforeTheExchangeIsAsked() throws Exception {
        String id = keep(user, Exchange.BINANCE);
        exchanges.be(Exchange.BINANCE, Mood.HELD);

        CompletableFuture<Response> asking = fetchAside(id);
        Awaitility.await().atMost(PATIENCE).until(() -> exchanges.asked(Exchange.BINANCE) == 1);

        assertThat(
                        owner(
                                "select state_after from audit_entry where subject ="
                                        + " 'exchange-key:"
                                        + id
                                        + "' and action = 'EXCHANGE_KEY_USED'"))
                .singleElement()
                .asString()
                .contains("GET /api/v3/account", "READ")
                .doesNotContain("signature", LocalExchanges.KEY);
        Awaitility.await().atMost(BEFORE_THEY_ARE_CUT).until(() -> openTransactions() == 0);
        exchanges.reset();
        asking.join().then().statusCode(200);
    }

    @Test
    void shouldSeeTheTransactionsThatRequestsLeaveOpen() throws SQLException {
        try (Connection request = as("accounts_api");
                Statement statement = request.createStatement()) {
            request.setAutoCommit(false);
            statement.execute("select 1");

            assertThat(openTransactions()).isPositive();
        }
    }

    /** As the superuser: to every other role the sessions of others have no state. */
    private int openTransactions() throws SQLException {
        try (Connection superuser = as("postgres");
                Statement statement = superuser.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*) from pg_stat_activity"
                                        + " where state = 'idle in transaction'"
                                        + " and usename = 'accounts_api'"
                                        + " and datname = current_database()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private Connection as(String role) throws SQLException {
        return DriverManager.getConnection(url + "?currentSchema=accounts", role, password);
    }

    @Test
    void shouldBoundHowManyExchangesAreAskedAtOnce() {
        String id = keep(user, Exchange.BINANCE);
        exchanges.be(Exchange.BINANCE, Mood.HELD);
        CompletableFuture<Response> first = fetchAside(id);
        Awaitility.await().atMost(PATIENCE).until(() -> exchanges.asked(Exchange.BINANCE) == 1);

        Response second = fetch(user, id);

        second.then().statusCode(503).body("code", equalTo("OVERLOADED"));
        assertThat(second.header("Retry-After")).isNotBlank();
        exchanges.reset();
        first.join().then().statusCode(200);
        fetch(user, id).then().statusCode(200);
    }

    @Test
    void shouldForgetWhatAKeySaidWithTheKey() throws SQLException {
        String id = keep(user, Exchange.BINANCE);
        fetch(user, id).then().statusCode(200);
        assertThat(owner("select currency from fund where exchange_key_id = " + id)).hasSize(2);

        user.request().delete(KEYS + "/" + id).then().statusCode(200);

        assertThat(owner("select currency from fund where user_id = " + user.id())).isEmpty();
        assertThat(lines(user.request().get(FUNDS))).hasSize(1);
    }

    @Test
    void shouldAddUpWhatIsOnThePlatform() {
        user.faucet(user.subaccount(), "100.25", "a").then().statusCode(201);
        String second =
                user.request().body("{\"name\":\"second\"}").post("/v1/subaccounts").path("id");
        user.faucet(second, "0.5", "b").then().statusCode(201);

        user.request()
                .get(FUNDS)
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items.exchange", hasItem("perpetua"))
                .body("items[0].currency", equalTo("USDC"))
                .body("items[0].total", equalTo("100.75"))
                .body("nextCursor", nullValue());
    }

    private List<String> owner(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = as("accounts_owner");
                Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        values.add(rows.getString(1));
                    }
                }
            }
        }
        return values;
    }
}
