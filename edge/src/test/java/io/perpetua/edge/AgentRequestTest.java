package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.TestAgent;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/** Agents' requests over HTTP, to an operation on the event loop and to one that blocks. */
@QuarkusTest
@QuarkusTestResource(AccessTokensResource.class)
class AgentRequestTest {
    private static final UserId USER = new UserId(41);
    private static final String MINE = "/v1/samples/agents/10";
    private static final String OTHERS = "/v1/samples/agents/11";
    private static final String BODY = "{\"price\":\"12.5\",\"side\":\"BUY\"}";
    private static final long HOUR_MILLIS = 3_600_000;
    private static final AtomicLong NONCES = new AtomicLong(System.currentTimeMillis());

    @Inject Agents agents;

    private final TestAgent agent = new TestAgent();

    @BeforeEach
    void register() {
        put(
                agent.address(),
                false,
                List.of(AgentScope.READ, AgentScope.TRADE),
                List.of(),
                HOUR_MILLIS);
    }

    private void put(
            String address,
            boolean removed,
            List<AgentScope> scopes,
            List<String> networks,
            long lastsMillis) {
        agents.put(
                new Agent(
                        USER,
                        address,
                        removed,
                        scopes,
                        AgentFilter.subaccounts(new SubaccountId(10)),
                        networks,
                        System.currentTimeMillis() + lastsMillis));
    }

    private Map<String, String> signed(String method, String uri, String body) {
        return agent.headers(method, uri, body, NONCES.incrementAndGet());
    }

    private static Response post(String uri, String body, Map<String, String> headers) {
        return given().headers(headers).contentType(ContentType.JSON).body(body).post(uri);
    }

    private static void refused(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code));
    }

    @Test
    void shouldActForItsUserWhenTheRequestIsSigned() {
        post(MINE, BODY, signed("POST", MINE, BODY))
                .then()
                .statusCode(200)
                .body("user", equalTo("41"))
                .body("agent", equalTo(agent.address()))
                .header("RateLimit", startsWith("\"write-agent\";r="));
        given().headers(agent.headers("GET", MINE, null, null))
                .get(MINE)
                .then()
                .statusCode(200)
                .body(equalTo("seen"));
    }

    @Test
    void shouldTakeAnEvmKeyOfWhateverCase() throws Exception {
        // Given
        Credentials key = Credentials.create(Keys.createEcKeyPair());
        put(key.getAddress(), false, List.of(AgentScope.READ), List.of(), HOUR_MILLIS);
        String now = Long.toString(System.currentTimeMillis());
        String text =
                String.join(
                        "\n",
                        "Perpetua agent request",
                        TestAgent.DOMAIN,
                        "GET " + MINE + "?a=b%20c",
                        "",
                        now,
                        "");
        Sign.SignatureData signature =
                Sign.signPrefixedMessage(text.getBytes(StandardCharsets.UTF_8), key.getEcKeyPair());
        HexFormat hex = HexFormat.of();

        // When
        Response answer =
                given().urlEncodingEnabled(false)
                        .header("Perpetua-Agent", Keys.toChecksumAddress(key.getAddress()))
                        .header("Perpetua-Timestamp", now)
                        .header(
                                "Perpetua-Signature",
                                "0x"
                                        + hex.formatHex(signature.getR())
                                        + hex.formatHex(signature.getS())
                                        + hex.formatHex(signature.getV()))
                        .get(MINE + "?a=b%20c");

        // Then
        answer.then().statusCode(200).body(equalTo("seen"));
    }

    @Test
    void shouldRefuseWhateverWasNotSigned() {
        String invalid = "AGENT_SIGNATURE_INVALID";
        refused(post(OTHERS, BODY, signed("POST", MINE, BODY)), 401, invalid);
        refused(post(MINE, BODY, signed("PUT", MINE, BODY)), 401, invalid);
        refused(post(MINE, BODY.replace("12", "13"), signed("POST", MINE, BODY)), 401, invalid);
        refused(post(MINE, BODY, signed("POST", MINE, null)), 401, invalid);
        Map<String, String> otherNonce = new HashMap<>(signed("POST", MINE, BODY));
        otherNonce.put("Perpetua-Nonce", Long.toString(NONCES.incrementAndGet()));
        refused(post(MINE, BODY, otherNonce), 401, invalid);
        Map<String, String> otherKey = new HashMap<>(signed("POST", MINE, BODY));
        TestAgent other = new TestAgent();
        put(other.address(), false, List.of(AgentScope.TRADE), List.of(), HOUR_MILLIS);
        otherKey.put("Perpetua-Agent", other.address());
        refused(post(MINE, BODY, otherKey), 401, invalid);
        TestAgent unknown = new TestAgent();
        refused(post(MINE, BODY, unknown.headers("POST", MINE, BODY, 1L)), 401, invalid);
    }

    @Test
    void shouldRefuseHeadersThatAreMissingOrMalformed() {
        String invalid = "AGENT_HEADERS_INVALID";
        for (String header :
                List.of("Perpetua-Timestamp", "Perpetua-Nonce", "Perpetua-Signature")) {
            Map<String, String> without = new HashMap<>(signed("POST", MINE, BODY));
            without.remove(header);
            post(MINE, BODY, without)
                    .then()
                    .statusCode(401)
                    .body("code", equalTo(invalid))
                    .body("field", equalTo(header));
            without.put(header, "0x");
            assertThat(post(MINE, BODY, without).statusCode()).as(header).isEqualTo(401);
        }
        Map<String, String> both = new HashMap<>(signed("POST", MINE, BODY));
        both.put("Authorization", "Bearer " + TestTokens.of(41));
        refused(post(MINE, BODY, both), 401, invalid);
    }

    @Test
    void shouldRefuseATimeTooFarFromNow() {
        for (long offset : List.of(-90_000L, 90_000L)) {
            long now = System.currentTimeMillis();
            Map<String, String> headers =
                    agent.headers("POST", MINE, BODY, NONCES.incrementAndGet(), now + offset);
            refused(post(MINE, BODY, headers), 401, "AGENT_TIME_INVALID");
        }
    }

    @Test
    void shouldRefuseWhatIsBeyondScopeFilterNetworkAndTime() {
        refused(post(OTHERS, BODY, signed("POST", OTHERS, BODY)), 403, "AGENT_FILTERED");
        given().headers(agent.headers("GET", OTHERS, null, null))
                .get(OTHERS)
                .then()
                .statusCode(200)
                .body(equalTo("hidden"));
        refused(
                post("/v1/samples", BODY, signed("POST", "/v1/samples", BODY)),
                403,
                "AGENT_NOT_ALLOWED");

        put(agent.address(), false, List.of(AgentScope.READ), List.of(), HOUR_MILLIS);
        refused(post(MINE, BODY, signed("POST", MINE, BODY)), 403, "AGENT_SCOPE_MISSING");

        List<AgentScope> trade = List.of(AgentScope.TRADE);
        put(agent.address(), false, trade, List.of("192.0.2.0/24"), HOUR_MILLIS);
        refused(post(MINE, BODY, signed("POST", MINE, BODY)), 403, "AGENT_ADDRESS_NOT_ALLOWED");
        Map<String, String> from = new HashMap<>(signed("POST", MINE, BODY));
        from.put("X-Forwarded-For", "192.0.2.9");
        post(MINE, BODY, from).then().statusCode(200);

        put(agent.address(), false, trade, List.of(), -1);
        refused(post(MINE, BODY, signed("POST", MINE, BODY)), 401, "AGENT_EXPIRED");

        put(agent.address(), true, trade, List.of(), HOUR_MILLIS);
        refused(post(MINE, BODY, signed("POST", MINE, BODY)), 401, "AGENT_SIGNATURE_INVALID");
    }

    @Test
    void shouldTellARepeatThatIsSignedAnewByItsContent() {
        // Given
        String first = post(MINE, BODY, agent.headers("POST", MINE, BODY, 7L)).path("hash");

        // When
        long later = System.currentTimeMillis() + 1_000;
        String again = post(MINE, BODY, agent.headers("POST", MINE, BODY, 7L, later)).path("hash");
        String other = BODY.replace("12", "13");
        String different = post(MINE, other, agent.headers("POST", MINE, other, 7L)).path("hash");

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(different).isNotEqualTo(first);
    }
}
