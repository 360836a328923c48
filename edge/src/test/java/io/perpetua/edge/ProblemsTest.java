package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(AccessTokensResource.class)
class ProblemsTest {
    private static final String GOOD = "{\"price\":\"12.5\",\"side\":\"BUY\"}";

    private static ValidatableResponse post(String body) {
        return given().header("Authorization", "Bearer " + TestTokens.of(42))
                .contentType("application/json")
                .body(body)
                .post("/v1/samples")
                .then();
    }

    private static Socket connected() throws IOException {
        URI base = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        return new Socket(base.getHost(), base.getPort());
    }

    private static void isProblem(ValidatableResponse answer, int status, String code) {
        answer.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("code", equalTo(code))
                .body("type", equalTo("urn:perpetua:problem:" + code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/samples", "/v1/samples/fast"})
    void shouldAnswerWhenBodyAndTokenAreGood(String path) {
        given().header("Authorization", "Bearer " + TestTokens.of(42))
                .contentType("application/json")
                .body(GOOD)
                .post(path)
                .then()
                .statusCode(200)
                .body("user", equalTo("42"))
                .body("price", equalTo("12.5"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"side":"BUY"}                                          | FIELD_MISSING   | price
            {"price":null,"side":"BUY"}                             | FIELD_MISSING   | price
            {"price":12.5,"side":"BUY"}                             | FIELD_INVALID   | price
            {"price":12,"side":"BUY"}                               | FIELD_INVALID   | price
            {"price":true,"side":"BUY"}                             | FIELD_INVALID   | price
            {"price":{},"side":"BUY"}                               | FIELD_INVALID   | price
            {"price":[],"side":"BUY"}                               | FIELD_INVALID   | price
            {"price":"","side":"BUY"}                               | FIELD_INVALID   | price
            {"price":" 1","side":"BUY"}                             | FIELD_INVALID   | price
            {"price":"-1","side":"BUY"}                             | FIELD_INVALID   | price
            {"price":"1e5","side":"BUY"}                            | FIELD_INVALID   | price
            {"price":"NaN","side":"BUY"}                            | FIELD_INVALID   | price
            {"price":"99999999999999999999","side":"BUY"}           | FIELD_INVALID   | price
            {"price":"0.000000001","side":"BUY"}                    | FIELD_INVALID   | price
            {"price":"1"}                                           | FIELD_MISSING   | side
            {"price":"1","side":"buy"}                              | FIELD_INVALID   | side
            {"price":"1","side":""}                                 | FIELD_INVALID   | side
            {"price":"1","side":0}                                  | FIELD_INVALID   | side
            {"price":"1","side":"BUY","reduceOnly":"true"}          | FIELD_INVALID   | reduceOnly
            {"price":"1","side":"BUY","reduceOnly":1}               | FIELD_INVALID   | reduceOnly
            {"price":"1","side":"BUY","leverage":"5"}               | FIELD_INVALID   | leverage
            {"price":"1","side":"BUY","leverage":5.5}               | FIELD_INVALID   | leverage
            {"price":"1","side":"BUY","leverage":99999999999}       | FIELD_INVALID   | leverage
            {"price":"1","side":"BUY","note":7}                     | FIELD_INVALID   | note
            {"price":"1","side":"BUY","note":"a\\u0000b"}           | FIELD_INVALID   | note
            {"price":"1","side":"BUY","note":"a\\ud83d"}            | FIELD_INVALID   | note
            {"price":"1","side":"BUY","note":"\\ude00\\ud83d"}      | FIELD_INVALID   | note
            {"price":"1","side":"BUY","at":"yesterday"}             | FIELD_INVALID   | at
            {"price":"1","side":"BUY","at":"+1000000000-12-31T23:59:59Z"} | FIELD_INVALID | at
            {"price":"1","side":"BUY","at":"1969-12-31T23:59:59Z"}  | FIELD_INVALID   | at
            {"price":"1","side":"BUY","at":1767225600}              | FIELD_INVALID   | at
            {"price":"1","side":"BUY","sise":"1"}                   | FIELD_UNKNOWN   | sise
            {"price":"1","price":"2","side":"BUY"}                  | FIELD_REPEATED  | price
            {"price":"1","side":"BUY","items":[{"price":"x"}]}      | FIELD_INVALID   | items[0].price
            {"price":"1","side":"BUY","items":[{}]}                 | FIELD_MISSING   | items[0].price
            {"price":"1","side":"BUY","items":[{"price":"1","a":1}]}| FIELD_UNKNOWN   | items[0].a
            {"price":"1","side":"BUY","items":{}}                   | FIELD_INVALID   | items
            """)
    void shouldNameTheFieldWhenBodyIsMalformed(String body, String code, String field) {
        ValidatableResponse answer = post(body);

        isProblem(answer, 400, code);
        answer.body("field", equalTo(field)).body("detail", not(containsString("io.perpetua")));
    }

    @Test
    void shouldTakeTextsOfAllPlanesAndTimes() {
        post("{\"price\":\"1\",\"side\":\"BUY\",\"note\":\"\\ud83d\\ude00 \u00e9\","
                        + "\"at\":\"2026-01-01T00:00:00Z\"}")
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "nothing",
            textBlock =
                    """
            {"price":"1","side":"BUY"      | BODY_MALFORMED
            {"price":"1","side":"BUY"} {}  | BODY_MALFORMED
            price=1                        | BODY_MALFORMED
            [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]] | FIELD_INVALID
            null                           | BODY_MISSING
            ``                             | BODY_MISSING
            []                             | FIELD_INVALID
            "text"                         | FIELD_INVALID
            7                              | FIELD_INVALID
            """)
    void shouldRefuseTheBodyWhenItIsNoObject(String body, String code) {
        isProblem(post(body), 400, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
    void shouldRefuseTheBodyWhenItIsNotInUtf8(String charset) {
        String token = "Bearer " + TestTokens.of(42);

        isProblem(
                given().header("Authorization", token)
                        .contentType("application/json")
                        .body(GOOD.getBytes(Charset.forName(charset)))
                        .post("/v1/samples")
                        .then(),
                400,
                "BODY_MALFORMED");
    }

    @Test
    void shouldListWhatIsAllowedWhenAWordIsNone() {
        post("{\"price\":\"1\",\"side\":\"buy\"}").body("allowed", hasItems("BUY", "SELL"));
        post("{\"price\":\"1\",\"side\":\"BUY\",\"sise\":1}").body("allowed", hasItems("note"));
    }

    @Test
    void shouldRefuseTheBodyWhenItIsTooLarge() {
        String huge = "{\"note\":\"" + "x".repeat(10_000_000) + "\"}";

        isProblem(post(huge), 413, "BODY_TOO_LARGE");
        isProblem(post("{\"note\":\"" + "x".repeat(17_000) + "\"}"), 400, "BODY_MALFORMED");
    }

    @Test
    void shouldRefuseTheBodyWhenItsLengthIsNotAnnounced() throws IOException {
        try (Socket socket = connected()) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /v1/samples HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                                    + "Content-Type: application/json\r\nAuthorization: Bearer "
                                    + TestTokens.of(42)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk =
                    ("2000\r\n" + " ".repeat(0x2000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            try {
                for (int i = 0; i < 2; i++) {
                    out.write(chunk);
                }
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } catch (IOException closedEarly) {
                // the server may hang up before it has read everything
            }
            socket.setSoTimeout(10_000);
            byte[] read = new byte[1_000];
            String answer =
                    new String(
                            read, 0, socket.getInputStream().read(read), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 411").contains("LENGTH_REQUIRED");
        }
    }

    @Test
    void shouldAnswerWithAProblemWhenTheRequestFitsNoEndpoint() {
        String token = "Bearer " + TestTokens.of(42);
        isProblem(given().get("/v1/nothing").then(), 404, "PATH_UNKNOWN");
        isProblem(given().get("/").then(), 404, "PATH_UNKNOWN");
        isProblem(
                given().header("Authorization", token).delete("/v1/samples").then(),
                405,
                "METHOD_NOT_ALLOWED");
        isProblem(
                given().header("Authorization", token)
                        .contentType("text/plain")
                        .body(GOOD)
                        .post("/v1/samples")
                        .then(),
                415,
                "MEDIA_TYPE_UNSUPPORTED");
        isProblem(
                given().accept("text/html").get("/v1/samples/public").then(),
                406,
                "NOT_ACCEPTABLE");
    }

    @Test
    void shouldShowNothingOfOursWhenSomethingFails() {
        ValidatableResponse answer = given().get("/v1/samples/broken").then();

        isProblem(answer, 500, "INTERNAL_ERROR");
        answer.body("detail", not(containsString("secret"))).body("field", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08006", "53300", "57014", "57P01", "57P03"})
    void shouldAskToRepeatWhenTheDatabaseIsAwayOrHasNoTime(String state) {
        ValidatableResponse answer = given().get("/v1/samples/outage?state=" + state).then();

        isProblem(answer, 503, "STORAGE_UNAVAILABLE");
        answer.header("Retry-After", "1");
    }

    @Test
    void shouldNotAskToRepeatWhenTheStatementIsWrong() {
        isProblem(given().get("/v1/samples/outage?state=42601").then(), 500, "INTERNAL_ERROR");
    }

    @Test
    void shouldSayWhenARetryCouldHelp() {
        ValidatableResponse answer = given().get("/v1/samples/exhausted").then();

        isProblem(answer, 429, "ATTEMPTS_EXHAUSTED");
        answer.header("Retry-After", "640");
    }

    @Test
    void shouldCarryTheRefusalWhenARuleRefuses() {
        ValidatableResponse answer = given().get("/v1/samples/refused").then();

        isProblem(answer, 422, "PRICE_OFF_TICK");
        answer.body("field", equalTo("price"));
    }

    @Test
    void shouldNameTheFieldWhenAPathParameterIsMalformed() {
        ValidatableResponse answer =
                given().header("Authorization", "Bearer " + TestTokens.of(42))
                        .get("/v1/samples/abc")
                        .then();

        isProblem(answer, 400, "FIELD_INVALID");
        answer.body("field", equalTo("id"));
    }

    @ParameterizedTest
    @CsvSource({
        "limit,0,FIELD_INVALID",
        "limit,201,FIELD_INVALID",
        "limit,-1,FIELD_INVALID",
        "limit,99999999999,FIELD_INVALID",
        "cursor,abc,CURSOR_INVALID",
        "cursor,%%%,CURSOR_INVALID",
        "cursor,AAAAAAAAAAcAAAAAAAAAMwAAAAA,CURSOR_INVALID"
    })
    void shouldNameTheParameterWhenAPageIsMalformed(String name, String value, String code) {
        ValidatableResponse answer =
                given().queryParam(name, value).get("/v1/samples/public").then();

        isProblem(answer, 400, code);
        answer.body("field", equalTo(name));
    }

    @Test
    void shouldReachEveryItemOnceWhenCursorsAreFollowed() {
        String cursor = null;
        int seen = 0;
        do {
            var request = given().queryParam("limit", 30);
            var answer =
                    (cursor == null ? request : request.queryParam("cursor", cursor))
                            .get("/v1/samples/public")
                            .then()
                            .statusCode(200)
                            .body("items[0]", equalTo(String.valueOf(100 - seen)))
                            .extract()
                            .jsonPath();
            seen += answer.getList("items").size();
            cursor = answer.getString("nextCursor");
        } while (cursor != null);
        assertThat(seen).isEqualTo(100);
    }

    /** What is passed over would answer another question than was asked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            textBlock =
                    """
            ranges?from=1&note=2               | none
            ranges?frm=1                       | frm
            ranges?from=1&From=2               | From
            ranges?from=1&surprise             | surprise
            public?limit=1&limit[]=2           | limit[]
            """)
    void shouldRefuseAQueryParameterThatTheOperationDoesNotDeclare(String query, String field) {
        ValidatableResponse answer =
                given().urlEncodingEnabled(false)
                        .get("/v1/samples/" + query.replace("[]", "%5B%5D"))
                        .then();

        if (field == null) {
            answer.statusCode(200).body(equalTo("1 2"));
        } else {
            isProblem(answer, 400, "UNKNOWN_PARAMETER");
            answer.body("field", equalTo(field));
        }
    }

    @Test
    void shouldNameTheQueryParametersThatThereAreBeforeAskingWhoCalls() {
        ValidatableResponse some = given().get("/v1/samples/ranges?x=1").then();
        isProblem(some, 400, "UNKNOWN_PARAMETER");
        some.body("allowed", equalTo(List.of("from", "note")));

        ValidatableResponse none =
                given().contentType("application/json")
                        .body("{}")
                        .post("/v1/samples/fast?" + "y".repeat(500) + "=1")
                        .then();
        isProblem(none, 400, "UNKNOWN_PARAMETER");
        none.body("allowed", equalTo(List.of())).body("field", equalTo("y".repeat(64)));
    }

    @Test
    void shouldNotCallItAFailureWhenWhoAskedLeavesInTheMiddleOfTheAnswer() throws Exception {
        try (Listener said = new Listener()) {
            try (Socket client = connected()) {
                client.setSoLinger(true, 0);
                ask(client, "/v1/samples/long");
                assertThat(client.getInputStream().readNBytes(1_000)).hasSize(1_000);
            }

            Boolean whole = SampleResource.ENDS.poll(20, TimeUnit.SECONDS);
            assertThat(whole).isNotNull();
            if (!whole) {
                LogRecord only = said.next();
                assertThat(only).isNotNull();
                assertThat(only.getLevel().intValue()).isLessThan(Level.INFO.intValue());
            }
            assertThat(said.next(0)).isNull();
        }
    }

    @Test
    void shouldCallItAFailureWhenItIsOneAfterWhoAskedHasLeft() throws Exception {
        try (Listener said = new Listener()) {
            try (Socket client = connected()) {
                client.setSoLinger(true, 0);
                ask(client, "/v1/samples/left");
                assertThat(SampleResource.ARRIVALS.poll(20, TimeUnit.SECONDS)).isNotNull();
            }

            LogRecord only = said.next();

            assertThat(only).isNotNull();
            assertThat(only.getLevel().getName()).isEqualTo("ERROR");
            assertThat(only.getThrown()).hasMessage("broken");
        }
    }

    private static void ask(Socket client, String path) throws IOException {
        client.getOutputStream()
                .write(
                        "GET %s HTTP/1.1\r\nHost: a\r\n\r\n"
                                .formatted(path)
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** Hears what the mappers log. */
    private static final class Listener extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger(ProblemMappers.class.getName());
        private final Level before = logger.getLevel();
        private final BlockingQueue<LogRecord> said = new LinkedBlockingQueue<>();

        Listener() {
            setLevel(Level.ALL);
            logger.setLevel(Level.ALL);
            logger.addHandler(this);
        }

        /** What is said next, null if that takes too long. */
        @Nullable LogRecord next() throws InterruptedException {
            return next(20);
        }

        @Nullable LogRecord next(long seconds) throws InterruptedException {
            return said.poll(seconds, TimeUnit.SECONDS);
        }

        @Override
        public void publish(LogRecord record) {
            said.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setLevel(before);
        }
    }
}
