package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.trader.Listing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARKET = "BTC-PERP";

    private static Stack stack;
    private static Map<String, Long> processes;
    private static Api api;
    private static HttpClient http;
    private static Account alice;
    private static Account bob;
    private static String bobsOrder;

    @BeforeAll
    static void begin() throws Exception {
        stack = Stack.shared();
        stack.awaitReady();
        processes = stack.processes();
        api = new Api(stack.frontDoor());
        http = HttpClient.newHttpClient();
        alice = Traders.funded(api, "alice", Usd.ofDollars(10_000));
        bob = Traders.funded(api, "bob", Usd.ofDollars(10_000));
        OwnMarket.awaitPrice(api, MARKET);
        bobsOrder = restingOrder(bob).body().path("orderId").asText();
        restingOrder(alice);
    }

    @AfterAll
    static void end() {
        http.close();
        api.close();
    }

    /** An order that is good in every respect, and does not trade. */
    private static Answer restingOrder(Account account) {
        Listing listing = Listing.of(api.get("/v1/markets/" + MARKET));
        return Traders.place(
                account,
                () -> {
                    String oracle = api.get("/v1/prices/" + MARKET).path("oracle").asText();
                    Price low = listing.moved(Price.parse(oracle), Rate.ofBasisPoints(-100));
                    return OrderRequest.limit(
                            MARKET,
                            Side.BUY,
                            TimeInForce.POST_ONLY,
                            low,
                            listing.worth(Usd.ofDollars(100), low));
                });
    }

    @AfterEach
    void everyServiceStaysUp() throws Exception {
        stack.awaitReady();
        assertThat(stack.processes()).as("none was started again").isEqualTo(processes);
    }

    /** A token with nearly all of its short life before it. */
    private static String token() {
        alice.session().renew();
        return alice.session().token();
    }

    private static HttpResponse<String> send(
            String method, String path, String token, String contentType, byte[] body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(stack.frontDoor() + path))
                        .timeout(Duration.ofSeconds(20))
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> asAlice(String method, String path, String body)
            throws Exception {
        return send(
                method,
                path,
                token(),
                "application/json",
                body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    }

    private static void isProblem(
            HttpResponse<String> answer, int status, String code, String field) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        if (field != null) {
            assertThat(problem.path("field").asText()).as(answer.body()).isEqualTo(field);
        }
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("io.perpetua");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            subaccountId  | -                      | 400 | FIELD_MISSING
            subaccountId  | null                   | 400 | FIELD_MISSING
            subaccountId  | 7                      | 400 | FIELD_INVALID
            subaccountId  | "x"                    | 400 | FIELD_INVALID
            subaccountId  | "-1"                   | 400 | FIELD_INVALID
            subaccountId  | "99999999999999999999" | 400 | FIELD_INVALID
            market        | -                      | 400 | FIELD_MISSING
            market        | 1                      | 400 | FIELD_INVALID
            market        | "NONE-PERP"            | 422 | MARKET_UNKNOWN
            side          | -                      | 400 | FIELD_MISSING
            side          | "BOTH"                 | 400 | FIELD_INVALID
            side          | 0                      | 400 | FIELD_INVALID
            type          | "STOP"                 | 400 | FIELD_INVALID
            timeInForce   | "GTD"                  | 400 | FIELD_INVALID
            price         | -                      | 400 | FIELD_MISSING
            price         | 100                    | 400 | FIELD_INVALID
            price         | "0"                    | 400 | FIELD_INVALID
            price         | "-5"                   | 400 | FIELD_INVALID
            price         | "1e9"                  | 400 | FIELD_INVALID
            price         | "99999999999999999999" | 400 | FIELD_INVALID
            price         | "0.000000001"          | 400 | FIELD_INVALID
            price         | {}                     | 400 | FIELD_INVALID
            size          | -                      | 400 | FIELD_MISSING
            size          | null                   | 400 | FIELD_MISSING
            size          | "0"                    | 400 | FIELD_INVALID
            size          | "-1"                   | 400 | FIELD_INVALID
            size          | 1.5                    | 400 | FIELD_INVALID
            size          | []                     | 400 | FIELD_INVALID
            reduceOnly    | "true"                 | 400 | FIELD_INVALID
            reduceOnly    | 1                      | 400 | FIELD_INVALID
            clientOrderId | ""                     | 400 | FIELD_INVALID
            clientOrderId | "with blank"           | 400 | FIELD_INVALID
            clientOrderId | 12                     | 400 | FIELD_INVALID
            selfTrade     | "PLEASE"               | 400 | FIELD_INVALID
            validUntil    | "tomorrow"             | 400 | FIELD_INVALID
            hidden        | true                   | 400 | FIELD_UNKNOWN
            """)
    void shouldNameTheFieldWhenAnOrderIsMalformed(
            String field, String value, int status, String code) throws Exception {
        var order = JSON.createObjectNode();
        order.put("subaccountId", alice.session().subaccount());
        order.put("market", MARKET);
        order.put("side", "BUY");
        order.put("type", "LIMIT");
        order.put("price", "100");
        order.put("size", "0.01");
        if (value.equals("-")) {
            order.remove(field);
        } else {
            order.set(field, JSON.readTree(value));
        }

        isProblem(asAlice("POST", "/v1/orders", order.toString()), status, code, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"subaccountId":"SUB","amount":null}          | FIELD_MISSING | amount
            {"subaccountId":"SUB","amount":5}             | FIELD_INVALID | amount
            {"subaccountId":"SUB","amount":"-5"}          | FIELD_INVALID | amount
            {"subaccountId":"SUB","amount":"0"}           | FIELD_INVALID | amount
            {"subaccountId":"SUB","amount":"0.0000001"}   | FIELD_INVALID | amount
            {"subaccountId":"SUB","amount":"1","a":"b"}   | FIELD_UNKNOWN | a
            {"amount":"1"}                                | FIELD_MISSING | subaccountId
            {"subaccountId":"SUB","amount":"1"            | BODY_MALFORMED | ``
            """)
    void shouldNameTheFieldWhenADepositIsMalformed(String body, String code, String field)
            throws Exception {
        isProblem(
                asAlice("POST", "/v1/faucet", body.replace("SUB", alice.session().subaccount())),
                400,
                code,
                field.isEmpty() ? null : field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {}                          | FIELD_MISSING
            {"address":null}            | FIELD_MISSING
            {"address":7}               | FIELD_INVALID
            {"address":"0x12"}          | FIELD_INVALID
            {"address":"not a wallet"}  | FIELD_INVALID
            """)
    void shouldNameTheFieldWhenASignInIsMalformed(String body, String code) throws Exception {
        isProblem(asAlice("POST", "/v1/auth/challenge", body), 400, code, "address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            /v1/orders?limit=0                     | FIELD_INVALID  | limit
            /v1/orders?limit=201                   | FIELD_INVALID  | limit
            /v1/orders?limit=x                     | FIELD_INVALID  | limit
            /v1/orders?cursor=x                    | CURSOR_INVALID | cursor
            /v1/orders?status=SOME                 | FIELD_INVALID  | status
            /v1/orders?subaccountId=x              | FIELD_INVALID  | subaccountId
            /v1/orders/x                           | FIELD_INVALID  | orderId
            /v1/fills?orderId=-1                   | FIELD_INVALID  | orderId
            /v1/trades                             | FIELD_MISSING  | market
            /v1/books/BTC-PERP?depth=0             | FIELD_INVALID  | depth
            /v1/positions?status=SOME              | FIELD_INVALID  | status
            /v1/accounts/x                         | FIELD_INVALID  | subaccountId
            /v1/settlements                        | FIELD_MISSING  | subaccountId
            /v1/balances?subaccountId=x            | FIELD_INVALID  | subaccountId
            /v1/ledger/statement                   | FIELD_MISSING  | subaccountId
            /v1/candles                            | FIELD_MISSING  | market
            /v1/candles?market=BTC-PERP&from=x     | FIELD_INVALID  | from
            /v1/candles?market=BTC-PERP&frame=2m   | FIELD_INVALID  | frame
            /v1/candles/history?market=BTC-PERP&series=x | FIELD_INVALID | series
            /v1/prices/history?market=BTC-PERP&everySeconds=0 | FIELD_INVALID | everySeconds
            /v1/statistics/BTC-PERP/daily?to=x     | FIELD_INVALID  | to
            """)
    void shouldNameTheParameterWhenAQueryIsMalformed(String path, String code, String field)
            throws Exception {
        isProblem(asAlice("GET", path, null), 400, code, field);
    }

    @Test
    void shouldSeeNothingOfAnotherUserWhenUsingTheirIds() throws Exception {
        String theirs = bob.session().subaccount();

        isProblem(asAlice("GET", "/v1/orders/" + bobsOrder, null), 404, "ORDER_UNKNOWN", null);
        isProblem(asAlice("DELETE", "/v1/orders/" + bobsOrder, null), 404, "ORDER_UNKNOWN", null);
        isProblem(
                asAlice("PATCH", "/v1/orders/" + bobsOrder, "{\"size\":\"0.01\"}"),
                404,
                "ORDER_UNKNOWN",
                null);
        isProblem(
                asAlice("DELETE", "/v1/orders?subaccountId=" + theirs, null),
                404,
                "SUBACCOUNT_UNKNOWN",
                null);
        isProblem(
                asAlice(
                        "POST",
                        "/v1/orders",
                        """
                        {"subaccountId":"%s","market":"BTC-PERP","side":"BUY","type":"MARKET",
                        "size":"0.01"}"""
                                .formatted(theirs)),
                404,
                "SUBACCOUNT_UNKNOWN",
                null);
        isProblem(asAlice("GET", "/v1/accounts/" + theirs, null), 404, "SUBACCOUNT_UNKNOWN", null);
        isProblem(
                asAlice("GET", "/v1/balances?subaccountId=" + theirs, null),
                404,
                "SUBACCOUNT_UNKNOWN",
                null);
        isProblem(
                asAlice("GET", "/v1/ledger/statement?subaccountId=" + theirs, null),
                404,
                "SUBACCOUNT_UNKNOWN",
                null);
        isProblem(
                asAlice(
                        "POST",
                        "/v1/faucet",
                        "{\"subaccountId\":\"" + theirs + "\",\"amount\":\"1\"}"),
                404,
                "SUBACCOUNT_UNKNOWN",
                null);
        isProblem(
                asAlice(
                        "PUT",
                        "/v1/leverage/BTC-PERP",
                        "{\"subaccountId\":\"" + theirs + "\",\"leverage\":2}"),
                404,
                "SUBACCOUNT_UNKNOWN",
                null);
        for (String list : new String[] {"/v1/orders", "/v1/fills", "/v1/positions"}) {
            assertThat(asAlice("GET", list + "?subaccountId=" + theirs, null).body())
                    .doesNotContain(bobsOrder)
                    .contains("\"items\":[]");
        }
        assertThat(bob.session().get("/v1/orders/" + bobsOrder).path("status").asText())
                .isEqualTo("OPEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/users/me",
                "/v1/subaccounts",
                "/v1/balances",
                "/v1/orders",
                "/v1/fills",
                "/v1/accounts",
                "/v1/positions"
            })
    void shouldRefuseWhenTheTokenIsMissingOrForged(String path) throws Exception {
        isProblem(send("GET", path, null, null, null), 401, "TOKEN_MISSING", "Authorization");
        isProblem(send("GET", path, "x.y.z", null, null), 401, "TOKEN_INVALID", "Authorization");
        isProblem(
                send("GET", path, withOtherUser(token()), null, null),
                401,
                "TOKEN_INVALID",
                "Authorization");
    }

    private static String withOtherUser(String token) {
        String[] parts = token.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String forged =
                claims.replace(
                        "\"" + alice.session().user() + "\"", "\"" + bob.session().user() + "\"");
        assertThat(forged).isNotEqualTo(claims);
        return parts[0]
                + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(forged.getBytes(StandardCharsets.UTF_8))
                + "."
                + parts[2];
    }

    @Test
    void shouldRefuseInEveryServiceWhenTheTokenHasExpired() throws Exception {
        String token = token();
        for (String path : new String[] {"/v1/orders", "/v1/positions"}) {
            assertThat(send("GET", path, token, null, null).statusCode()).isEqualTo(200);
        }

        Thread.sleep(Stack.TOKEN_LIFE.plusSeconds(1));

        for (String path : new String[] {"/v1/users/me", "/v1/orders", "/v1/positions"}) {
            isProblem(send("GET", path, token, null, null), 401, "TOKEN_EXPIRED", "Authorization");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/orders", "/v1/faucet", "/v1/auth/token", "/v1/prices/replay"})
    void shouldRefuseTheBodyWhenItIsTenMegabytes(String path) throws Exception {
        byte[] huge = new byte[10_000_000];
        Arrays.fill(huge, (byte) ' ');

        isProblem(
                send("POST", path, token(), "application/json", huge), 413, "BODY_TOO_LARGE", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "\"text\"",
                "{",
                "{}}",
                "{\"a\":",
                "\u0000",
                "[[[[[[[[[[[[",
                "{\"price\":\"1\",\"price\":\"2\"}",
                "<order/>",
                "price=1"
            })
    void shouldRefuseTheBodyWhenItIsNoOrderAtAll(String body) throws Exception {
        HttpResponse<String> answer = asAlice("POST", "/v1/orders", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
    }

    @Test
    void shouldAnswerWithAProblemWhenTheRequestFitsNothing() throws Exception {
        isProblem(asAlice("GET", "/v1/nothing", null), 404, "PATH_UNKNOWN", null);
        isProblem(asAlice("GET", "/v1/orders/1/2/3", null), 404, "PATH_UNKNOWN", null);
        isProblem(asAlice("PUT", "/v1/orders", "{}"), 405, "METHOD_NOT_ALLOWED", null);
        isProblem(
                send("POST", "/v1/orders", token(), "text/plain", new byte[] {'x'}),
                415,
                "MEDIA_TYPE_UNSUPPORTED",
                null);
        isProblem(asAlice("GET", "/v1/orders/1", null), 404, "ORDER_UNKNOWN", null);
        isProblem(asAlice("GET", "/v1/markets/NONE-PERP", null), 404, "MARKET_UNKNOWN", null);
    }

    @Test
    void shouldStillTakeAGoodOrderWhenBadOnesWereRefused() throws Exception {
        assertThat(restingOrder(alice).body().path("status").asText()).isEqualTo("OPEN");
    }
}
