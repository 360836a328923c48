package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestAgent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AgentsIT {
    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    private static Map<String, Object> wish(TestUser user, TestAgent agent) {
        return wish(user, agent, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    private static Map<String, Object> wish(TestUser user, TestAgent agent, Instant issuedAt) {
        Map<String, Object> wish = new HashMap<>();
        wish.put("address", agent.address());
        wish.put("label", "Reader");
        wish.put("scopes", List.of("READ"));
        wish.put("filter", Map.of("subaccounts", List.of(user.subaccount())));
        wish.put(
                "expiresAt",
                Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS).toString());
        wish.put("proof", agent.proof(Long.toString(user.id()), issuedAt));
        return wish;
    }

    private static Response register(TestUser user, Map<String, Object> wish) {
        return user.request().body(wish).post("/v1/agents");
    }

    private static Response get(TestAgent agent, String path) {
        return given().headers(agent.headers("GET", path, null, null)).get(path);
    }

    private static void refused(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code));
    }

    @Test
    void shouldSeeWhatItsFilterAllowsUntilItIsRemovedForEver() {
        TestUser user = TestWallet.generate().signIn();
        TestAgent agent = new TestAgent();
        user.request()
                .body(Map.of("name", "Hidden"))
                .post("/v1/subaccounts")
                .then()
                .statusCode(201);
        Map<String, Object> wish = wish(user, agent);

        register(user, wish)
                .then()
                .statusCode(201)
                .body("address", equalTo(agent.address()))
                .body("filter.subaccounts", contains(user.subaccount()))
                .body("networks", hasSize(0));
        register(user, wish).then().statusCode(200);
        user.request().get("/v1/agents").then().statusCode(200).body("items", hasSize(1));
        user.request().get("/v1/agents/" + agent.address()).then().statusCode(200);

        get(agent, "/v1/subaccounts")
                .then()
                .statusCode(200)
                .body("items.id", contains(user.subaccount()));
        get(agent, "/v1/balances").then().statusCode(200);
        refused(get(agent, "/v1/ledger/statement?subaccountId=1"), 403, "AGENT_FILTERED");

        user.request().delete("/v1/agents/" + agent.address()).then().statusCode(204);
        user.request().delete("/v1/agents/" + agent.address()).then().statusCode(204);
        refused(get(agent, "/v1/subaccounts"), 401, "AGENT_SIGNATURE_INVALID");
        refused(register(user, wish), 409, "AGENT_ADDRESS_USED");
        TestUser other = TestWallet.generate().signIn();
        refused(register(other, wish(other, agent)), 409, "AGENT_ADDRESS_USED");
        user.request().get("/v1/agents").then().body("items", hasSize(0));
        refused(user.request().get("/v1/agents/" + agent.address()), 404, "AGENT_UNKNOWN");
    }

    @Test
    void shouldDoNothingWhileItsUserIsDeactivated() throws Exception {
        // Given
        TestUser user = TestWallet.generate().signIn();
        TestAgent agent = new TestAgent();
        TestAgent removed = new TestAgent();
        Map<String, Object> wish = wish(user, agent);
        register(user, wish).then().statusCode(201);
        register(user, wish(user, removed)).then().statusCode(201);
        get(agent, "/v1/balances").then().statusCode(200);

        // When
        RiskSide risk = new RiskSide(bootstrapServers);
        Thread asking =
                Thread.startVirtualThread(() -> user.request().post("/v1/users/me/deactivation"));
        UserClosing asked =
                risk.userEvents(user, 2).stream()
                        .filter(UserClosing.class::isInstance)
                        .map(UserClosing.class::cast)
                        .findFirst()
                        .orElseThrow();
        risk.send(
                RiskSide.numbered(
                        new UserFrozen(
                                asked.user(), asked.subaccount(), 0, asked.closing(), 2_000)));
        RiskSide.await(
                () -> "DEACTIVATED".equals(user.request().get("/v1/users/me").path("state")),
                "the deactivation");
        asking.join();

        // Then
        refused(get(agent, "/v1/balances"), 401, "AGENT_SIGNATURE_INVALID");
        TestAgent late = new TestAgent();
        refused(register(user, wish(user, late)), 422, "USER_DEACTIVATED");
        register(user, wish).then().statusCode(200);
        refused(get(agent, "/v1/balances"), 401, "AGENT_SIGNATURE_INVALID");
        user.request().get("/v1/agents").then().statusCode(200).body("items", hasSize(2));
        user.request().delete("/v1/agents/" + removed.address()).then().statusCode(204);
        user.request().post("/v1/users/me/reactivation").then().statusCode(200);
        get(agent, "/v1/balances").then().statusCode(200);
        refused(get(removed, "/v1/balances"), 401, "AGENT_SIGNATURE_INVALID");
        register(user, wish(user, late)).then().statusCode(201);
    }

    @Test
    void shouldRefuseToRegisterWithoutTheKeysOwnFreshConsent() {
        TestUser user = TestWallet.generate().signIn();
        TestUser thief = TestWallet.generate().signIn();
        TestAgent agent = new TestAgent();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Map<String, Object> stolen = wish(thief, agent);
        stolen.put("proof", agent.proof(Long.toString(user.id()), now));
        refused(register(thief, stolen), 422, "AGENT_PROOF_INVALID");
        Map<String, Object> forged = wish(user, agent);
        forged.put("address", new TestAgent().address());
        refused(register(user, forged), 422, "AGENT_PROOF_INVALID");
        refused(
                register(user, wish(user, agent, now.minus(Duration.ofMinutes(6)))),
                422,
                "AGENT_PROOF_EXPIRED");
        Map<String, Object> late = wish(user, agent);
        late.put("expiresAt", Instant.now().plus(Duration.ofDays(366)).toString());
        refused(register(user, late), 422, "AGENT_EXPIRY_INVALID");
        Map<String, Object> past = wish(user, agent);
        past.put("expiresAt", Instant.now().minusSeconds(1).toString());
        refused(register(user, past), 422, "AGENT_EXPIRY_INVALID");

        register(user, wish(user, agent)).then().statusCode(201);
        refused(register(thief, wish(thief, agent)), 409, "AGENT_ADDRESS_USED");
        refused(thief.request().delete("/v1/agents/" + agent.address()), 404, "AGENT_UNKNOWN");
    }

    @Test
    void shouldNameTheFieldThatIsWrong() {
        TestUser user = TestWallet.generate().signIn();
        Map<String, Object> good = wish(user, new TestAgent());
        Map<String, Map<String, Object>> wrong =
                Map.of(
                        "address", Map.of("address", "0x12"),
                        "label", Map.of("label", " "),
                        "scopes", Map.of("scopes", List.of("READ", "READ")),
                        "networks", Map.of("networks", List.of("192.0.2.0/33")),
                        "filter", Map.of("filter", Map.of()),
                        "expiresAt", Map.of("expiresAt", "soon"));
        wrong.forEach(
                (field, change) -> {
                    Map<String, Object> bad = new HashMap<>(good);
                    bad.putAll(change);
                    register(user, bad).then().statusCode(400).body("field", equalTo(field));
                });
        Map<String, Object> withdrawing = new HashMap<>(good);
        withdrawing.put("scopes", List.of("WITHDRAW"));
        register(user, withdrawing).then().statusCode(400).body("code", equalTo("FIELD_INVALID"));
    }

    @Test
    void shouldRefuseAnAgentWhateverIsItsUsersAlone() {
        TestUser user = TestWallet.generate().signIn();
        TestAgent agent = new TestAgent();
        Map<String, Object> all = wish(user, agent);
        all.put("scopes", List.of("READ", "TRADE", "TRANSFER"));
        all.remove("filter");
        register(user, all).then().statusCode(201);

        for (String path :
                List.of(
                        "/v1/withdrawals",
                        "/v1/withdrawal-addresses",
                        "/v1/agents",
                        "/v1/auth/wallets",
                        "/v1/subaccounts",
                        "/v1/exchange-keys")) {
            Response answer =
                    given().headers(agent.headers("POST", path, "{}", System.currentTimeMillis()))
                            .contentType(ContentType.JSON)
                            .body("{}")
                            .post(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.<String>path("code")).as(path).isEqualTo("AGENT_NOT_ALLOWED");
        }
        for (String path :
                List.of("/v1/users/me", "/v1/agents", "/v1/auth/sign-ins", "/v1/withdrawals")) {
            refused(get(agent, path), 403, "AGENT_NOT_ALLOWED");
        }
    }

    @Test
    void shouldRegisterUpToTheLimit() {
        TestUser user = TestWallet.generate().signIn();
        TestAgent first = new TestAgent();
        register(user, wish(user, first)).then().statusCode(201);
        for (int i = 1; i < 20; i++) {
            register(user, wish(user, new TestAgent())).then().statusCode(201);
        }

        refused(register(user, wish(user, new TestAgent())), 422, "AGENTS_EXHAUSTED");

        user.request().delete("/v1/agents/" + first.address()).then().statusCode(204);
        register(user, wish(user, new TestAgent())).then().statusCode(201);
    }
}
