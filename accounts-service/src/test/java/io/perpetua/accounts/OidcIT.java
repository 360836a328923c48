package io.perpetua.accounts;

import static io.perpetua.testkit.OpenIdProvider.quoted;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.accounts.domain.admin.Totp;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.OpenIdProvider;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Administrators who sign in by an OpenID provider, which runs beside the test. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(OidcPort.class)
class OidcIT {
    private static final Duration WAITS_AT_MOST = Duration.ofSeconds(20);

    private static int made;
    private static OpenIdProvider provider;

    @Inject TestClock clock;

    private TestAdmin admin;
    private String subject;

    @BeforeAll
    static void begin() {
        provider = OpenIdProvider.start(OidcPort.port());
    }

    @AfterAll
    static void end() {
        provider.close();
    }

    @BeforeEach
    void linkAnAdministrator() {
        clock.reset();
        made++;
        subject = "subject-" + made;
        admin = TestAdmin.make("oidc-" + made, "ADMIN");
        link(admin, subject).statusCode(200).body("identity.subject", equalTo(subject));
        admin.request().get("/v1/admin/me").then().statusCode(401);
    }

    @AfterEach
    void resetTheClock() {
        clock.reset();
    }

    private static ValidatableResponse link(TestAdmin admin, String subject) {
        return TestAdmin.root()
                .request()
                .body(Map.of("issuer", provider.issuer().toString(), "subject", subject))
                .put("/v1/admin/admins/" + admin.id() + "/identity")
                .then();
    }

    private static String nonce() {
        return given().contentType(ContentType.JSON)
                .post("/v1/admin/oidc/challenge")
                .then()
                .statusCode(200)
                .body("issuer", equalTo(provider.issuer().toString()))
                .body("clientId", equalTo(OpenIdProvider.CLIENT_ID))
                .extract()
                .path("nonce");
    }

    /** With the step's code: the administrator has used those up to {@code usedStep}. */
    private String code(int furtherSteps) {
        return admin.totp().code(admin.usedStep() + furtherSteps);
    }

    /** With a code that is right: the clock goes on by a step for it. */
    private Response signIn(String idToken) {
        clock.advance(Duration.ofSeconds(30));
        return signIn(idToken, code(1));
    }

    private static Response signIn(String idToken, String code) {
        return TestAdmin.from(TestAdmin.address())
                .body(Map.of("idToken", idToken, "code", code))
                .post("/v1/admin/oidc/sign-in");
    }

    private static void refused(Response answer) {
        answer.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo("SIGN_IN_REFUSED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void shouldSignInByATokenOfTheProviderAndACode(String algorithm) {
        String token =
                provider.token(algorithm, Map.of("sub", quoted(subject), "nonce", quoted(nonce())));

        String access =
                signIn(token)
                        .then()
                        .statusCode(200)
                        .body("adminId", equalTo(admin.id()))
                        .body("role", equalTo("ADMIN"))
                        .extract()
                        .path("accessToken");

        given().auth()
                .oauth2(access)
                .get("/v1/admin/me")
                .then()
                .statusCode(200)
                .body("identity.subject", equalTo(subject));
        TestAdmin.root()
                .request()
                .queryParam("subject", "admin:" + admin.id())
                .queryParam("action", "ADMIN_SIGNED_IN")
                .get("/v1/admin/audit")
                .then()
                .body("items[0].after", containsString("\"subject\":\"" + subject + "\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "iss   | \"https://id.example.org\"",
                "iss   | ",
                "aud   | \"somebody-else\"",
                "aud   | [\"somebody-else\"]",
                "aud   | [\"perpetua-administration\",\"somebody-else\"]",
                "azp   | \"somebody-else\"",
                "exp   | 1700000000",
                "exp   | ",
                "iat   | 1700000000",
                "iat   | 4100000000",
                "nbf   | 4100000000",
                "nonce | \"0000000000000000000000000000000000000000000000000000000000000000\"",
                "nonce | ",
                "sub   | \"nobody-knows\"",
                "sub   | \"\"",
                "sub   | ",
            })
    void shouldRefuseATokenWhoseClaimsAreWrong(String claim, String value) {
        Map<String, String> claims = new HashMap<>();
        claims.put("sub", quoted(subject));
        claims.put("nonce", quoted(nonce()));
        claims.put(claim, value == null ? "" : value);

        refused(signIn(provider.token("RS256", claims)));
    }

    @Test
    void shouldRefuseATokenThatTheProviderDidNotSign() throws Exception {
        String nonce = nonce();
        String claims = provider.claims(Map.of("sub", quoted(subject), "nonce", quoted(nonce)));
        String right = provider.token(subject, nonce);
        String head = right.substring(0, right.indexOf('.'));
        String body = right.substring(right.indexOf('.'), right.lastIndexOf('.') + 1);
        String rsa = provider.keyId("RS256");
        try (OpenIdProvider other = OpenIdProvider.start(0)) {
            for (String forged :
                    new String[] {
                        unsigned("{\"alg\":\"none\"}", claims),
                        unsigned("{\"alg\":\"none\",\"kid\":\"%s\"}".formatted(rsa), claims),
                        head + body,
                        head + body + "AAAA",
                        hmac("{\"alg\":\"HS256\",\"kid\":\"%s\"}".formatted(rsa), claims),
                        provider.signed("RS256", "{\"alg\":\"RS256\",\"kid\":\"unknown\"}", claims),
                        provider.signed("RS256", "{\"alg\":\"RS256\"}", claims),
                        provider.signed(
                                "RS256",
                                "{\"alg\":\"RS512\",\"kid\":\"%s\"}".formatted(rsa),
                                claims),
                        provider.signed(
                                "ES256",
                                "{\"alg\":\"ES256\",\"kid\":\"%s\"}".formatted(rsa),
                                claims),
                        provider.signed(
                                "RS256",
                                "{\"alg\":\"RS256\",\"kid\":\"%s\",\"crit\":[\"x\"]}"
                                        .formatted(rsa),
                                claims),
                        other.signed(
                                "RS256",
                                "{\"alg\":\"RS256\",\"kid\":\"%s\"}".formatted(rsa),
                                claims),
                        "a.b.c",
                        "..",
                    }) {
                refused(signIn(forged, code(1)));
            }
        }

        signIn(right).then().statusCode(200);
    }

    private static String unsigned(String head, String claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(head.getBytes(StandardCharsets.UTF_8))
                + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".";
    }

    /** The public key as a secret: what a verifier that asks the token for the algorithm takes. */
    private static String hmac(String head, String claims) throws Exception {
        String signed = unsigned(head, claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(provider.publicKey(), "HmacSHA256"));
        byte[] proof =
                mac.doFinal(
                        signed.substring(0, signed.length() - 1)
                                .getBytes(StandardCharsets.US_ASCII));
        return signed + Base64.getUrlEncoder().withoutPadding().encodeToString(proof);
    }

    @Test
    void shouldTakeATokenOnceAndNoneWithoutARightCode() {
        String tried = provider.token(subject, nonce());
        String token = provider.token(subject, nonce());

        clock.advance(Duration.ofSeconds(30));
        refused(signIn(tried, code(0)));
        refused(signIn(tried, code(1)));
        signIn(token, code(1)).then().statusCode(200);

        clock.advance(Duration.ofSeconds(30));
        refused(signIn(token, code(2)));
        signIn(provider.token(subject, nonce()), code(2)).then().statusCode(200);
    }

    @Test
    void shouldRefuseANonceWhoseTimeIsOver() {
        String nonce = nonce();
        clock.advance(Duration.ofSeconds(601));

        refused(
                signIn(
                        provider.token(
                                "RS256",
                                Map.of(
                                        "sub",
                                        quoted(subject),
                                        "nonce",
                                        quoted(nonce),
                                        "iat",
                                        Long.toString(clock.instant().getEpochSecond()),
                                        "exp",
                                        Long.toString(clock.instant().getEpochSecond() + 60))),
                        admin.totp().code(Totp.step(clock.instant()))));
    }

    @Test
    void shouldFollowTheProvidersKeysAndTakeNoneThatItPublishesNoLonger() {
        signIn(provider.token(subject, nonce())).then().statusCode(200);
        String old = provider.token(subject, nonce());

        provider.rotate();
        clock.advance(Duration.ofSeconds(30));
        signIn(provider.token(subject, nonce()), code(2)).then().statusCode(200);

        clock.advance(Duration.ofSeconds(30));
        refused(signIn(old, code(3)));
    }

    /** As of the service's clock, which is ahead. */
    private String tokenOfThen(String nonce) {
        long then = clock.instant().getEpochSecond();
        return provider.token(
                "RS256",
                Map.of(
                        "sub",
                        quoted(subject),
                        "nonce",
                        quoted(nonce),
                        "iat",
                        Long.toString(then),
                        "exp",
                        Long.toString(then + 300)));
    }

    /** Keys that are old are asked for again; the token was not tried, so it is good afterwards. */
    @ParameterizedTest
    @EnumSource(value = OpenIdProvider.Mood.class, mode = EnumSource.Mode.EXCLUDE, names = "WELL")
    void shouldAnswerUnavailableWhileTheProviderCantBeAsked(OpenIdProvider.Mood mood) {
        signIn(provider.token(subject, nonce())).then().statusCode(200);
        clock.advance(Duration.ofSeconds(700));
        String token = tokenOfThen(nonce());
        String code = admin.totp().code(Totp.step(clock.instant()));
        provider.be(mood);
        try {
            long began = System.nanoTime();
            signIn(token, code)
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .header("Retry-After", notNullValue())
                    .body("code", equalTo("OIDC_UNAVAILABLE"));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WAITS_AT_MOST);
            signIn(token, code).then().statusCode(503).body("code", equalTo("OIDC_UNAVAILABLE"));
        } finally {
            provider.be(OpenIdProvider.Mood.WELL);
        }

        clock.advance(Duration.ofSeconds(6));
        signIn(token, admin.totp().code(Totp.step(clock.instant()))).then().statusCode(200);
    }

    @Test
    void shouldSignInByAnIdentityAsLongAsItIsLinked() {
        TestAdmin other = TestAdmin.make("oidc-other-" + made, "ADMIN");
        link(other, subject).statusCode(409).body("code", equalTo("IDENTITY_TAKEN"));
        TestAdmin.root()
                .request()
                .body(Map.of("issuer", "https://id.example.org", "subject", subject))
                .put("/v1/admin/admins/" + other.id() + "/identity")
                .then()
                .statusCode(400)
                .body("field", equalTo("issuer"));
        other.request()
                .body(Map.of("issuer", provider.issuer().toString(), "subject", "own"))
                .put("/v1/admin/admins/" + other.id() + "/identity")
                .then()
                .statusCode(403);
        String access =
                signIn(provider.token(subject, nonce()))
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("accessToken");

        TestAdmin.root()
                .request()
                .delete("/v1/admin/admins/" + admin.id() + "/identity")
                .then()
                .statusCode(200)
                .body("identity", nullValue());

        given().auth().oauth2(access).get("/v1/admin/me").then().statusCode(401);
        clock.advance(Duration.ofSeconds(30));
        refused(signIn(provider.token(subject, nonce()), code(2)));
        link(other, subject).statusCode(200);
        TestAdmin.root()
                .request()
                .post("/v1/admin/admins/" + other.id() + "/disable")
                .then()
                .statusCode(200)
                .body("identity", nullValue());
        link(admin, subject).statusCode(200);
        assertThat(signIn(provider.token(subject, nonce()), code(2)).statusCode()).isEqualTo(200);
    }
}
