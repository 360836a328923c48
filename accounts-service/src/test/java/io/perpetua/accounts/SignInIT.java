package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SignInIT {
    @Test
    void shouldMakeAUserWithASubaccountWhenAWalletSignsInForTheFirstTime() {
        TestWallet wallet = TestWallet.generate();

        TestUser user = wallet.signIn();

        user.request()
                .get("/v1/users/me")
                .then()
                .statusCode(200)
                .body("id", equalTo(Long.toString(user.id())))
                .body("wallets", hasSize(1))
                .body("wallets[0].address", equalTo(wallet.address()));
        user.request()
                .get("/v1/subaccounts")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].number", equalTo(0))
                .body("items[0].address", matchesPattern("0x[0-9a-f]{40}"))
                .body("nextCursor", equalTo(null));
        user.request()
                .get("/v1/balances")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].asset", equalTo("USDC"))
                .body("items[0].balance", equalTo("0"))
                .body("items[0].creditSequence", equalTo(0))
                .body("items[0].settlementSequence", equalTo(0));
    }

    @Test
    void shouldFindTheSameUserWhenTheWalletSignsInAgain() {
        TestWallet wallet = TestWallet.generate();
        long first = wallet.signIn().id();
        String text = wallet.challenge();

        TestWallet.exchange(text, wallet.sign(text))
                .then()
                .statusCode(200)
                .body("userId", equalTo(Long.toString(first)))
                .body("firstSignIn", equalTo(false))
                .body("tokenType", equalTo("Bearer"))
                .body("expiresIn", equalTo(900));
    }

    @Test
    void shouldSignInOnceWhenTheSameSignatureIsSentOftenAtOnce() throws Exception {
        TestWallet wallet = TestWallet.generate();
        String text = wallet.challenge();
        String signature = wallet.sign(text);

        List<Integer> statuses = atOnce(8, i -> TestWallet.exchange(text, signature).statusCode());

        assertThat(statuses).containsOnlyOnce(200).hasSize(8);
        assertThat(statuses.stream().filter(status -> status == 401)).hasSize(7);
        TestWallet.exchange(text, signature)
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo("NONCE_USED"));
    }

    @Test
    void shouldMakeOneUserWhenAWalletSignsInForTheFirstTimeOftenAtOnce() throws Exception {
        TestWallet wallet = TestWallet.generate();

        List<Long> users = atOnce(6, i -> wallet.signIn().id());

        assertThat(users).hasSize(6).containsOnly(users.getFirst());
    }

    @Test
    void shouldRefuseWhenTheMessageOrTheSignatureWasTamperedWith() {
        TestWallet wallet = TestWallet.generate();
        TestWallet thief = TestWallet.generate();
        String text = wallet.challenge();
        refused(text, thief.sign(text), "SIGNATURE_MISMATCH");
        String otherSite = text.replace("127.0.0.1:8080 wants", "evil.example wants");
        refused(otherSite, wallet.sign(otherSite), "DOMAIN_MISMATCH");
        String otherChain = text.replace("Chain ID: 1", "Chain ID: 5");
        refused(otherChain, wallet.sign(otherChain), "NONCE_UNKNOWN");
        String stolen = text.replace(wallet.address(), thief.address());
        refused(stolen, thief.sign(stolen), "NONCE_UNKNOWN");
        String late = text.replaceAll("Expiration Time: \\d{4}", "Expiration Time: 2020");
        refused(late, wallet.sign(late), "MESSAGE_EXPIRED");

        TestWallet.exchange(text, wallet.sign(text)).then().statusCode(200);
    }

    private static void refused(String text, String signature, String code) {
        TestWallet.exchange(text, signature).then().statusCode(401).body("code", equalTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"message\":null,\"signature\":\"0x\"}",
                "{\"message\":\"hello\",\"signature\":\"0x\"}",
                "{\"message\":7,\"signature\":\"0x\"}",
                "{\"message\":\"hello\",\"signature\":\"0x\",\"admin\":true}",
                "not json"
            })
    void shouldRefuseWhenTheRequestIsMalformed(String body) {
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/auth/token")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"address\":\"0x12\"}",
                "{\"address\":\"0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"}",
                "{\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\",\"chainId\":0}",
                "{\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\",\"chainId\":\"1\"}"
            })
    void shouldRefuseAChallengeWhenTheRequestIsMalformed(String body) {
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/auth/challenge")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldRefuseATokenThatItDidNotIssue() {
        String token = TestWallet.generate().signIn().token();
        String[] parts = token.split("\\.", -1);

        for (String forged :
                List.of(
                        "x",
                        parts[0] + "." + parts[1] + ".",
                        parts[0] + "." + parts[1] + "." + "A".repeat(86),
                        parts[0] + "." + parts[1].substring(2) + "." + parts[2])) {
            given().auth()
                    .oauth2(forged)
                    .get("/v1/users/me")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("TOKEN_INVALID"));
        }
    }

    @Test
    void shouldPublishItsKeysAndNothingSecret() throws Exception {
        String keys = given().get("/v1/jwks.json").then().statusCode(200).extract().asString();

        assertThat(keys).contains("\"crv\":\"P-256\"", "\"alg\":\"ES256\"").doesNotContain("\"d\"");
        Path file = Path.of("target/test-accounts-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file).strip()).matches("([^:]+:)?[0-9a-f]{64}");
    }

    @Test
    void shouldOpenSubaccountsUpToTheLimit() {
        TestUser user = TestWallet.generate().signIn();
        for (int number = 1; number < 20; number++) {
            user.request()
                    .body(number == 1 ? Map.of("name", "Hedges") : Map.of())
                    .post("/v1/subaccounts")
                    .then()
                    .statusCode(201)
                    .body("number", equalTo(number))
                    .body("name", equalTo(number == 1 ? "Hedges" : "Subaccount " + number));
        }

        user.request()
                .body(Map.of())
                .post("/v1/subaccounts")
                .then()
                .statusCode(422)
                .body("code", equalTo("SUBACCOUNTS_EXHAUSTED"));
        user.request()
                .body(Map.of("name", "x".repeat(65)))
                .post("/v1/subaccounts")
                .then()
                .statusCode(400)
                .body("field", equalTo("name"));
    }

    private static <T> List<T> atOnce(int count, IntFunction<T> action) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<T>> futures =
                    IntStream.range(0, count)
                            .mapToObj(i -> threads.submit(() -> action.apply(i)))
                            .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
