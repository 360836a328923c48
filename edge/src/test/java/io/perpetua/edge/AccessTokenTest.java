package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(AccessTokensResource.class)
class AccessTokenTest {
    private final long now = Instant.now().getEpochSecond();
    private static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"test-key\"}";

    @Inject AccessTokens tokens;
    @Inject TokenKeys keys;

    private static ValidatableResponse get(String authorization) {
        return given().header("Authorization", authorization).get("/v1/samples/7").then();
    }

    private static void isRefused(ValidatableResponse answer, TokenRefusal refusal) {
        answer.statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("code", equalTo(refusal.name()));
    }

    @Test
    void shouldLetPassWhenTheTokenIsGoodAndAgainFromMemory() {
        String token = "Bearer " + TestTokens.of(5);

        get(token).statusCode(200);
        get(token).statusCode(200);
        get(token.replace("Bearer", "bearer")).statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/samples/7", "/v1/samples", "/v1/samples/fast"})
    void shouldRefuseWhenThereIsNoToken(String path) {
        isRefused(
                given().contentType("application/json").body("{}").post(path).then(),
                TokenRefusal.TOKEN_MISSING,
                path);
    }

    private static void isRefused(ValidatableResponse answer, TokenRefusal refusal, String path) {
        if (path.endsWith("7")) {
            answer.statusCode(405);
        } else {
            isRefused(answer, refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlcjpwYXNz", "Bearer", "token"})
    void shouldRefuseWhenTheHeaderBearsNoToken(String header) {
        isRefused(get(header), TokenRefusal.TOKEN_MISSING);
    }

    @Test
    void shouldRefuseWhenTheTokenHasExpired() {
        isRefused(get("Bearer " + TestTokens.expired(5)), TokenRefusal.TOKEN_EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b", "a.b.c", "..", "e30.e30.", "e30.e30.AAAA"})
    void shouldRefuseWhenTheTokenIsNone(String token) {
        isRefused(get("Bearer " + token), TokenRefusal.TOKEN_INVALID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"alg":"none","kid":"test-key"}              | {"iss":"perpetua","sub":"5","sid":"s","iat":1,"exp":9999999999}
            {"alg":"HS256","kid":"test-key"}             | {"iss":"perpetua","sub":"5","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256"}                              | {"iss":"perpetua","sub":"5","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"other"}                | {"iss":"perpetua","sub":"5","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key","crit":["x"]}| {"iss":"perpetua","sub":"5","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"elsewhere","sub":"5","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sub":"root","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sid":"s","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sub":"5","sid":"s","iat":1}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sub":"5","sid":"s","iat":1,"exp":"never"}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sub":"5","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sub":"5","sid":"","iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | {"iss":"perpetua","sub":"5","sid":7,"iat":1,"exp":9999999999}
            {"alg":"ES256","kid":"test-key"}             | []
            """)
    void shouldRefuseWhenTheTokenIsNotOfThisPlatform(String header, String claims) {
        isRefused(get("Bearer " + TestTokens.signed(header, claims)), TokenRefusal.TOKEN_INVALID);
    }

    @Test
    void shouldRefuseWhenTheClaimsWereChangedAfterSigning() {
        String[] parts = TestTokens.of(5).split("\\.", -1);
        String claims =
                "{\"iss\":\"perpetua\",\"sub\":\"6\",\"sid\":\"s\",\"iat\":%d,\"exp\":%d}"
                        .formatted(now, now + 3600);
        String forged =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(StandardCharsets.UTF_8));

        isRefused(
                get("Bearer " + parts[0] + "." + forged + "." + parts[2]),
                TokenRefusal.TOKEN_INVALID);
    }

    @Test
    void shouldRefuseWhenTheSignatureIsAllZero() {
        String[] parts = TestTokens.of(5).split("\\.", -1);
        String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);

        isRefused(
                get("Bearer " + parts[0] + "." + parts[1] + "." + zeros),
                TokenRefusal.TOKEN_INVALID);
    }

    @Test
    void shouldRefuseTheTokensOfASignInWhenItWasRevoked() {
        String first = TestTokens.of(77, "phone");
        String another = TestTokens.of(77, "laptop");
        get("Bearer " + first).statusCode(200);

        tokens.revoke(new SignInRevoked(new UserId(77), "phone", now * 1000, (now + 3700) * 1000));

        isRefused(get("Bearer " + first), TokenRefusal.TOKEN_REVOKED);
        isRefused(get("Bearer " + TestTokens.of(77, "phone")), TokenRefusal.TOKEN_REVOKED);
        get("Bearer " + another).statusCode(200);
    }

    @Test
    void shouldForgetARevocationWhenNoTokenOfItCanBeGood() {
        String token = TestTokens.of(78, "tablet");

        tokens.revoke(new SignInRevoked(new UserId(78), "tablet", 0, now * 1000));

        get("Bearer " + token).statusCode(200);
    }

    @Test
    void shouldLetNobodyInWhoSignedOutWhenRevocationsAreMoreThanCanBeKept() {
        AccessTokens full =
                new AccessTokens(keys, Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC));
        String endedEarly = TestTokens.of(79, "sign-in-0", now - 20, now + 3600);
        String issuedLater = TestTokens.of(79, "other", now - 5, now + 3600);
        assertThat(full.check(endedEarly)).isInstanceOf(AccessTokens.Check.Passed.class);

        for (int i = 0; i <= 100_000; i++) {
            full.revoke(
                    new SignInRevoked(
                            new UserId(79), "sign-in-" + i, (now - 10) * 1000, (now + 60) * 1000));
        }

        assertThat(full.check(endedEarly))
                .isEqualTo(new AccessTokens.Check.Refused(TokenRefusal.TOKEN_EXPIRED));
        assertThat(full.check(TestTokens.of(79, "sign-in-100000", now - 5, now + 3600)))
                .isEqualTo(new AccessTokens.Check.Refused(TokenRefusal.TOKEN_REVOKED));
        assertThat(full.check(issuedLater)).isInstanceOf(AccessTokens.Check.Passed.class);
    }

    @Test
    void shouldNameTheSignerWhenTokenIsGood() {
        String claims =
                "{\"iss\":\"perpetua\",\"sub\":\"5\",\"sid\":\"s\",\"iat\":%d,\"exp\":%d,\"scope\":\"x\"}"
                        .formatted(now, now + 3600);

        get("Bearer " + TestTokens.signed(HEADER, claims)).statusCode(200);
    }
}
