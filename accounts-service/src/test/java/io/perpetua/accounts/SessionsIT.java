package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens, and the end of sign-ins. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SessionsIT {
    @Inject TestClock clock;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @AfterEach
    void resetTheClock() {
        clock.reset();
    }

    @Test
    void shouldGiveNewTokensOfTheSameSignInWhenItIsRefreshed() {
        TestUser user = TestWallet.generate().signIn();

        Response answer = TestWallet.refresh(user.refreshToken());

        answer.then()
                .statusCode(200)
                .body("userId", equalTo(Long.toString(user.id())))
                .body("signInId", equalTo(user.signIn()))
                .body("tokenType", equalTo("Bearer"))
                .body("expiresIn", equalTo(900))
                .body("firstSignIn", equalTo(false));
        TestUser next = TestWallet.userOf(answer);
        assertThat(next.refreshToken()).isNotEqualTo(user.refreshToken());
        assertThat(next.token()).isNotEqualTo(user.token());
        isSignedIn(next);
        isSignedIn(user);
    }

    @Test
    void shouldGoOnForAsLongAsASignInLastsWhenEveryTokenIsUsedOnce() {
        TestUser user = TestWallet.generate().signIn();

        for (int day = 0; day < 29; day++) {
            clock.advance(Duration.ofDays(1));
            Response answer = TestWallet.refresh(user.refreshToken());
            answer.then().statusCode(200);
            user = TestWallet.userOf(answer);
        }
        clock.advance(Duration.ofDays(1));

        isRefused(TestWallet.refresh(user.refreshToken()), "SIGN_IN_EXPIRED");
    }

    @Test
    void shouldExpireWhenItIsNotRefreshedForAWeek() {
        TestUser user = TestWallet.generate().signIn();

        clock.advance(Duration.ofDays(7).minusMinutes(1));
        TestUser next = TestWallet.userOf(TestWallet.refresh(user.refreshToken()));
        clock.advance(Duration.ofDays(7));

        isRefused(TestWallet.refresh(next.refreshToken()), "SIGN_IN_EXPIRED");
    }

    @Test
    void shouldGiveTheSameRefreshTokenWhenAClientRepeatsWhatItGotNoAnswerTo() {
        TestUser user = TestWallet.generate().signIn();
        TestUser lost = TestWallet.userOf(TestWallet.refresh(user.refreshToken()));

        clock.advance(Duration.ofSeconds(20));
        Response repeated = TestWallet.refresh(user.refreshToken());

        repeated.then().statusCode(200).body("refreshToken", equalTo(lost.refreshToken()));
        isSignedIn(TestWallet.userOf(repeated));
        TestWallet.refresh(lost.refreshToken()).then().statusCode(200);
    }

    @Test
    void shouldEndTheSignInWhenATokenComesAgainAfterItsSuccessorWasUsed() {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        TestUser another = wallet.signIn();
        TestUser second = TestWallet.userOf(TestWallet.refresh(user.refreshToken()));
        TestUser third = TestWallet.userOf(TestWallet.refresh(second.refreshToken()));

        isRefused(TestWallet.refresh(user.refreshToken()), "REFRESH_TOKEN_REUSED");

        isRefused(TestWallet.refresh(third.refreshToken()), "SIGN_IN_ENDED");
        isRefused(TestWallet.refresh(user.refreshToken()), "SIGN_IN_ENDED");
        isRevoked(user);
        isRevoked(third);
        isSignedIn(another);
        TestWallet.refresh(another.refreshToken()).then().statusCode(200);
    }

    @Test
    void shouldEndTheSignInWhenATokenComesAgainTooLate() throws SQLException {
        TestUser user = TestWallet.generate().signIn();
        TestUser second = TestWallet.userOf(TestWallet.refresh(user.refreshToken()));

        clock.advance(Duration.ofSeconds(31));

        isRefused(TestWallet.refresh(user.refreshToken()), "REFRESH_TOKEN_REUSED");
        isRefused(TestWallet.refresh(second.refreshToken()), "SIGN_IN_ENDED");
        assertThat(
                        strings(
                                "select action from audit_entry where subject = 'user:"
                                        + user.id()
                                        + "'"))
                .containsExactly("REFRESH_TOKEN_REUSED");
    }

    @Test
    void shouldKeepOneLineOfTokensWhenOneIsRefreshedOftenAtOnce() throws Exception {
        TestUser user = TestWallet.generate().signIn();
        List<Response> answers = new ArrayList<>();

        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Response>> under =
                    IntStream.range(0, 8)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    () -> TestWallet.refresh(user.refreshToken())))
                            .toList();
            for (Future<Response> answer : under) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers.stream().map(answer -> answer.<String>path("refreshToken")).distinct())
                .hasSize(1);
        TestUser next = TestWallet.userOf(answers.getFirst());
        TestWallet.refresh(next.refreshToken()).then().statusCode(200);
        isRefused(TestWallet.refresh(user.refreshToken()), "REFRESH_TOKEN_REUSED");
    }

    @Test
    void shouldEndItOnceWhenManyBringAnOldTokenAtOnce() throws Exception {
        TestUser user = TestWallet.generate().signIn();
        TestUser second = TestWallet.userOf(TestWallet.refresh(user.refreshToken()));
        TestWallet.refresh(second.refreshToken()).then().statusCode(200);
        List<String> codes = new ArrayList<>();

        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<String>> under =
                    IntStream.range(0, 6)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    () ->
                                                            TestWallet.refresh(user.refreshToken())
                                                                    .<String>path("code")))
                            .toList();
            for (Future<String> code : under) {
                codes.add(code.get());
            }
        }

        assertThat(codes).containsOnlyOnce("REFRESH_TOKEN_REUSED");
        assertThat(codes.stream().filter("SIGN_IN_ENDED"::equals)).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"refreshToken\":null}",
                "{\"refreshToken\":7}",
                "{\"refreshToken\":\"\"}",
                "{\"refreshToken\":\"a\\u0000b\"}",
                "{\"refreshToken\":\"\\ud800\"}",
                "{\"refreshToken\":\"x\",\"more\":1}"
            })
    void shouldRefuseWhenTheRequestIsMalformed(String body) {
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/auth/refresh")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void shouldRefuseWhenTheTokenWasChanged() {
        TestUser user = TestWallet.generate().signIn();
        String token = user.refreshToken();
        for (int place : new int[] {0, 10, 20, 40, 80, token.length() - 3}) {
            char other = token.charAt(place) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, place) + other + token.substring(place + 1);

            isRefused(TestWallet.refresh(changed), "REFRESH_TOKEN_INVALID");
        }

        TestWallet.refresh(token).then().statusCode(200);
    }

    @Test
    void shouldListWhereTheUserIsSignedIn() {
        TestWallet wallet = TestWallet.generate();
        TestUser phone = wallet.signIn("Phone/1.0 " + "x".repeat(400));
        TestUser laptop = wallet.signIn("Laptop\u00e9");
        TestWallet.generate().signIn("somebody else's");

        laptop.request()
                .get("/v1/auth/sign-ins")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items.id", contains(laptop.signIn(), phone.signIn()))
                .body("items.current", contains(true, false))
                .body("items[0].wallet", equalTo(wallet.address()))
                .body("items[0].walletKind", equalTo("EVM"))
                .body("items[0].address", equalTo("127.0.0.1"))
                .body("items[1].userAgent.length()", equalTo(256))
                .body("nextCursor", equalTo(null));
    }

    @Test
    void shouldRefuseAllTokensWhenTheUserSignsOut() {
        TestWallet wallet = TestWallet.generate();
        TestUser user = wallet.signIn();
        TestUser another = wallet.signIn();

        user.request()
                .delete("/v1/auth/sign-ins/current")
                .then()
                .statusCode(200)
                .body("signInsEnded", equalTo(1));

        isRevoked(user);
        isRefused(TestWallet.refresh(user.refreshToken()), "SIGN_IN_ENDED");
        isSignedIn(another);
    }

    @Test
    void shouldEndOneOrAllOthersWhenTheUserSaysSo() {
        TestWallet wallet = TestWallet.generate();
        TestUser first = wallet.signIn();
        TestUser second = wallet.signIn();
        TestUser third = wallet.signIn();
        TestUser stranger = TestWallet.generate().signIn();

        isUnknown(stranger, first.signIn());
        first.request().delete("/v1/auth/sign-ins/" + second.signIn()).then().statusCode(200);
        isUnknown(first, second.signIn());
        first.request().delete("/v1/auth/sign-ins/x").then().statusCode(400);

        isRevoked(second);
        isSignedIn(third);
        first.request()
                .delete("/v1/auth/sign-ins")
                .then()
                .statusCode(200)
                .body("signInsEnded", equalTo(1));
        isRevoked(third);
        isSignedIn(first);
        isSignedIn(stranger);
        first.request().get("/v1/auth/sign-ins").then().body("items", hasSize(1));
    }

    @Test
    void shouldEndTheLongestUnusedWhenThereAreTooMany() {
        TestWallet wallet = TestWallet.generate();
        TestUser oldest = wallet.signIn();
        TestUser refreshed = wallet.signIn();
        for (int i = 0; i < 48; i++) {
            wallet.signIn();
        }
        isSignedIn(oldest);
        TestUser kept = TestWallet.userOf(TestWallet.refresh(oldest.refreshToken()));

        TestUser newest = wallet.signIn();

        isRevoked(refreshed);
        isRefused(TestWallet.refresh(refreshed.refreshToken()), "SIGN_IN_ENDED");
        isSignedIn(kept);
        newest.request().get("/v1/auth/sign-ins").then().body("items", hasSize(50));
    }

    @Test
    void shouldStoreNoRefreshToken() throws SQLException {
        TestUser user = TestWallet.generate().signIn();

        List<String> rows =
                strings("select s::text from sign_in s where sign_in_id = '" + user.signIn() + "'");

        assertThat(rows).hasSize(1);
        byte[] token = java.util.Base64.getUrlDecoder().decode(user.refreshToken());
        String secret = java.util.HexFormat.of().formatHex(token, 32, 64);
        assertThat(rows.getFirst()).doesNotContain(user.refreshToken()).doesNotContain(secret);
    }

    private static void isSignedIn(TestUser user) {
        user.request().get("/v1/users/me").then().statusCode(200);
    }

    private static void isRevoked(TestUser user) {
        isRefused(user.request().get("/v1/users/me"), "TOKEN_REVOKED");
    }

    private static void isRefused(Response answer, String code) {
        answer.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo(code));
    }

    private static void isUnknown(TestUser user, String signIn) {
        user.request()
                .delete("/v1/auth/sign-ins/" + signIn)
                .then()
                .statusCode(404)
                .body("code", equalTo("SIGN_IN_UNKNOWN"));
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection owner =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_owner", password);
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
