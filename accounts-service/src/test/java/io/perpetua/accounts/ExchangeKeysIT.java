package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of other exchanges: kept, used, and never read back. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ExchangeKeysIT {
    private static final String KEYS = "/v1/exchange-keys";
    private static final String KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv";
    private static final String SECRET =
            "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    private static final String BODY =
            "{\"clientKeyId\":\"k-1\",\"exchange\":\"Binance\",\"name\":\"Grid bot\","
                    + "\"scopes\":[\"READ\",\"TRADE\"],\"key\":\""
                    + KEY
                    + "\",\"secret\":\""
                    + SECRET
                    + "\",\"passphrase\":\"open sesame\"}";

    private static final String PEM =
            "-----BEGIN EC PRIVATE KEY-----\\n"
                    + "MDECAQEEIITZFkLVJk7kKlgwNgcGE8t+dbOVDF0/R7qe8jXQngXpoAoGCCqGSM49\\n"
                    + "AwEH\\n-----END EC PRIVATE KEY-----\\n";
    private static final String COINBASE_BODY =
            BODY.replace("Binance", "Coinbase").replace(SECRET, PEM);

    @Test
    void shouldKeepAKeyAndShowNoneOfItsSecrets() {
        TestUser user = TestWallet.generate().signIn();

        Response added = add(user, BODY);

        added.then()
                .statusCode(201)
                .body("exchange", equalTo("Binance"))
                .body("name", equalTo("Grid bot"))
                .body("keyHint", equalTo("****E2zv"))
                .body("hasPassphrase", equalTo(true))
                .body("active", equalTo(true))
                .body("lastUsedAt", nullValue());
        String one = KEYS + "/" + added.path("id");
        for (Response answer :
                List.of(
                        added,
                        add(user, BODY),
                        user.request().get(KEYS),
                        user.request().get(one),
                        user.request().body("{\"name\":\"x\",\"active\":false}").patch(one),
                        user.request().delete(one))) {
            assertThat(answer.statusCode()).isIn(200, 201);
            assertThat(answer.asString())
                    .contains("****E2zv")
                    .doesNotContain(KEY, SECRET, "sesame");
        }
        user.request().get(one).then().statusCode(404);
        user.request().delete(one).then().statusCode(404);
    }

    @Test
    void shouldTakeAnyExchange() {
        TestUser user = TestWallet.generate().signIn();
        for (String exchange : List.of("Binance", "Coinbase", "Kraken", "Zerodha", "My own 2.0")) {
            add(
                            user,
                            "{\"clientKeyId\":\"%s\",\"exchange\":\"%s\",\"key\":\"k\",\"secret\":\"s\"}"
                                    .formatted(exchange.replace(' ', '-'), exchange))
                    .then()
                    .statusCode(201)
                    .body("name", equalTo(exchange))
                    .body("keyHint", equalTo("****"))
                    .body("scopes", equalTo(List.of("READ", "TRADE")));
        }
        Response page = user.request().queryParam("limit", 2).get(KEYS);
        assertThat(page.<List<String>>path("items.exchange"))
                .containsExactly("My own 2.0", "Zerodha");
        assertThat(
                        user.request()
                                .queryParam("limit", 3)
                                .queryParam("cursor", page.<String>path("nextCursor"))
                                .get(KEYS)
                                .<List<String>>path("items.exchange"))
                .containsExactly("Kraken", "Coinbase", "Binance");
    }

    @Test
    void shouldAnswerARepeatAsTheFirstTimeAndRefuseOtherContent() {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, BODY).path("id");
        user.request().body("{\"name\":\"renamed\"}").patch(KEYS + "/" + id);

        add(user, BODY).then().statusCode(200).body("id", equalTo(id));
        for (String other :
                List.of(
                        BODY.replace("Binance", "Kraken"),
                        BODY.replace("Grid bot", "renamed"),
                        BODY.replace(",\"TRADE\"", ""),
                        BODY.replace(KEY, KEY + "x"),
                        BODY.replace(SECRET, SECRET + "x"),
                        BODY.replace("sesame", "simsim"),
                        BODY.replace(",\"passphrase\":\"open sesame\"", ""))) {
            add(user, other).then().statusCode(409).body("code", equalTo("CLIENT_KEY_ID_REUSED"));
        }
        TestUser another = TestWallet.generate().signIn();
        add(another, BODY).then().statusCode(201);
        assertThat(user.request().get(KEYS).<List<String>>path("items.id")).containsExactly(id);
    }

    @Test
    void shouldSignWithoutRevealing() {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, BODY).path("id");

        Response signed =
                sign(
                        user,
                        id,
                        "TRADE",
                        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
                                + "&recvWindow=5000&timestamp=1499827319559");

        signed.then()
                .statusCode(200)
                .body("algorithm", equalTo("HMAC_SHA256"))
                .body(
                        "signature",
                        equalTo("c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"))
                .body("headers", equalTo(List.of(Map.of("name", "X-MBX-APIKEY", "value", KEY))))
                .body("parameters.name", equalTo(List.of("signature")))
                .body("parameters[0].value", equalTo(signed.path("signature")));
        assertThat(signed.asString()).doesNotContain("sesame");
        assertThat(signed.asString()).doesNotContain(SECRET);
        assertThat(signed.header("Cache-Control")).contains("no-store");
        assertThat(signed.header("RateLimit-Policy")).startsWith("\"secret-user\";");
        assertThat(user.request().get(KEYS + "/" + id).<String>path("lastUsedAt")).isNotNull();
    }

    @Test
    void shouldSignAsCoinbaseWantsIt() {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, COINBASE_BODY).then().statusCode(201).extract().path("id");
        String signatures = KEYS + "/" + id + "/signatures";

        String token =
                user.request()
                        .body(
                                Map.of(
                                        "purpose", "READ",
                                        "payload",
                                                "GET api.coinbase.com/api/v3/brokerage/accounts"))
                        .post(signatures)
                        .then()
                        .statusCode(200)
                        .body("algorithm", equalTo("ES256"))
                        .extract()
                        .path("signature");

        String claims =
                new String(
                        Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
                        StandardCharsets.US_ASCII);
        assertThat(claims).contains("\"sub\":\"" + KEY + "\"", "\"iss\":\"cdp\"");
        user.request()
                .body(Map.of("purpose", "READ", "payload", "side=BUY"))
                .post(signatures)
                .then()
                .statusCode(400)
                .body("field", equalTo("payload"));
    }

    @Test
    void shouldSignAsKrakenWantsIt() {
        TestUser user = TestWallet.generate().signIn();
        String kraken = BODY.replace("Binance", "Kraken");
        String id =
                add(
                                user,
                                kraken.replace(
                                        SECRET,
                                        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRz"
                                                + "BHCd3pd5nE9qa99HAZtuZuj6F1huXg=="))
                        .path("id");
        Map<String, String> request =
                Map.of(
                        "purpose", "TRADE",
                        "payload",
                                "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500"
                                        + "&type=buy&volume=1.25",
                        "path", "/0/private/AddOrder",
                        "nonce", "1616492376594");
        String signatures = KEYS + "/" + id + "/signatures";

        user.request()
                .body(request)
                .post(signatures)
                .then()
                .statusCode(200)
                .body("algorithm", equalTo("HMAC_SHA512"))
                .body(
                        "signature",
                        equalTo(
                                "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnR"
                                        + "fp32bAb0nmbRn6H8ndwLUQ=="))
                .body("headers.name", equalTo(List.of("API-Key", "API-Sign")))
                .body("headers[0].value", equalTo(KEY))
                .body("parameters", equalTo(List.of()));
        sign(user, id, "TRADE", "nonce=1").then().statusCode(400).body("field", equalTo("path"));
        String binance = add(user, BODY.replace("k-1", "k-2")).path("id");
        user.request()
                .body(request)
                .post(KEYS + "/" + binance + "/signatures")
                .then()
                .statusCode(400)
                .body("code", equalTo("FIELD_INVALID"));
        String bad =
                add(user, kraken.replace("k-1", "k-3").replace(SECRET, "not base64")).path("id");
        user.request()
                .body(request)
                .post(KEYS + "/" + bad + "/signatures")
                .then()
                .statusCode(422)
                .body("code", equalTo("SECRET_MALFORMED"));
    }

    @Test
    void shouldGiveNobodyARequestThatCarriesASecret() {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, BODY.replace("Binance", "Coinbase")).path("id");

        Response refused = sign(user, id, "READ", "1700000000GET/accounts");

        refused.then().statusCode(422).body("code", equalTo("SECRET_IN_HEADER"));
        assertThat(refused.asString()).doesNotContain(KEY, SECRET, "sesame");
        assertThat(user.request().get(KEYS + "/" + id).<String>path("lastUsedAt")).isNull();
    }

    @Test
    void shouldOpenSessionsOfZerodhaForWhoMayTrade() {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, BODY.replace("Binance", "Zerodha")).path("id");

        Response signed = sign(user, id, "TRADE", "requesttoken1");

        signed.then()
                .statusCode(200)
                .body("algorithm", equalTo("SHA256"))
                .body("signature", matchesPattern("[0-9a-f]{64}"))
                .body("headers", equalTo(List.of(Map.of("name", "X-Kite-Version", "value", "3"))))
                .body("parameters.name", equalTo(List.of("api_key", "request_token", "checksum")))
                .body("parameters[0].value", equalTo(KEY))
                .body("parameters[1].value", equalTo("requesttoken1"));
        assertThat(signed.asString()).doesNotContain(SECRET, "sesame");
        sign(user, id, "READ", "requesttoken1")
                .then()
                .statusCode(422)
                .body("code", equalTo("SESSION_NEEDS_TRADE"));
        sign(user, id, "TRADE", "a=b").then().statusCode(400).body("field", equalTo("payload"));
    }

    @Test
    void shouldRefuseUseBeyondItsScope() {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, BODY.replace(",\"TRADE\"", "")).path("id");

        for (String payload :
                List.of(
                        "symbol=LTCBTC&side=BUY&type=MARKET&quantity=1&timestamp=1499827319559",
                        "omitZeroBalances=true&timestamp=1499827319559")) {
            sign(user, id, "READ", payload)
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("SIGNATURE_NEEDS_TRADE"))
                    .body("field", equalTo("purpose"))
                    .body("allowed", equalTo(List.of("TRADE")));
        }
        sign(user, id, "TRADE", "x")
                .then()
                .statusCode(422)
                .body("code", equalTo("PURPOSE_OUT_OF_SCOPE"));
        sign(user, id, "WITHDRAW", "x").then().statusCode(400).body("field", equalTo("purpose"));
        user.request().body("{\"active\":false}").patch(KEYS + "/" + id).then().statusCode(200);
        sign(user, id, "READ", "x").then().statusCode(422).body("code", equalTo("KEY_INACTIVE"));
        TestUser other = TestWallet.generate().signIn();
        sign(other, id, "READ", "x")
                .then()
                .statusCode(404)
                .body("code", equalTo("EXCHANGE_KEY_UNKNOWN"));
        other.request().get(KEYS + "/" + id).then().statusCode(404);
        other.request().delete(KEYS + "/" + id).then().statusCode(404);
        other.request().body("{}").patch(KEYS + "/" + id).then().statusCode(404);
        given().get(KEYS).then().statusCode(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // purpose | path | status
                "READ  | /0/private/Balance        | 200",
                "READ  | /0/private/AddOrder       | 422",
                "READ  | /0/private/Withdraw       | 422",
                "TRADE | /0/private/AddOrder       | 200",
                "TRADE | /0/private/Withdraw       | 422",
                "TRADE | /0/private/WalletTransfer | 422",
            })
    void shouldSignNoPathOfKrakenBeyondThePurpose(String purpose, String path, int status) {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, BODY.replace("Binance", "Kraken").replace(SECRET, "a2V5")).path("id");

        Response answer =
                user.request()
                        .body(
                                Map.of(
                                        "purpose",
                                        purpose,
                                        "payload",
                                        "nonce=1&asset=XBT&key=mine&amount=1",
                                        "path",
                                        path,
                                        "nonce",
                                        "1"))
                        .post(KEYS + "/" + id + "/signatures");

        answer.then().statusCode(status);
        if (status == 422) {
            answer.then()
                    .body("code", equalTo("REQUEST_BEYOND_PURPOSE"))
                    .body("field", equalTo("path"))
                    .body("allowed", hasItem("/0/private/Balance"));
            assertThat(user.request().get(KEYS + "/" + id).<String>path("lastUsedAt")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // purpose | payload | status
                "READ  | GET api.coinbase.com/api/v3/brokerage/accounts               | 200",
                "READ  | POST api.coinbase.com/api/v3/brokerage/orders                | 422",
                "TRADE | POST api.coinbase.com/api/v3/brokerage/orders                | 200",
                "TRADE | POST api.coinbase.com/api/v3/brokerage/portfolios/move_funds | 422",
                "TRADE | POST api.coinbase.com/v2/accounts/7/transactions             | 422",
            })
    void shouldSignNoRequestToCoinbaseBeyondThePurpose(String purpose, String payload, int status) {
        TestUser user = TestWallet.generate().signIn();
        String id = add(user, COINBASE_BODY).then().statusCode(201).extract().path("id");

        Response answer = sign(user, id, purpose, payload);

        answer.then().statusCode(status);
        if (status == 422) {
            answer.then()
                    .body("code", equalTo("REQUEST_BEYOND_PURPOSE"))
                    .body("field", equalTo("payload"))
                    .body("allowed", hasItem("GET"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"k-1\"               | \"\"            | clientKeyId",
                "\"k-1\"               | \"a b\"         | clientKeyId",
                "\"Binance\"           | \"a\\u0000\"    | exchange",
                "\"Binance\"           | 7               | exchange",
                "\"Grid bot\"          | \"\\ud800\"     | name",
                "\"Grid bot\"          | \" \"           | name",
                "[\"READ\",\"TRADE\"]  | []              | scopes",
                "\"open sesame\"       | \"\\u05d0\"     | passphrase",
                "\"open sesame\"       | 7               | passphrase",
                "\"passphrase\"        | \"pin\"         | pin",
            })
    void shouldNameTheFieldWhenARequestIsWrong(String right, String wrong, String field) {
        TestUser user = TestWallet.generate().signIn();

        add(user, BODY.replace(right, wrong)).then().statusCode(400).body("field", equalTo(field));

        assertThat(user.request().get(KEYS).<List<String>>path("items")).isEmpty();
    }

    private static Response add(TestUser user, String body) {
        return user.request().body(body).post(KEYS);
    }

    private static Response sign(TestUser user, String id, String purpose, String payload) {
        return user.request()
                .body("{\"purpose\":\"%s\",\"payload\":\"%s\"}".formatted(purpose, payload))
                .post(KEYS + "/" + id + "/signatures");
    }
}
