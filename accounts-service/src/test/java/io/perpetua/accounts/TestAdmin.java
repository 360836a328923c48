package io.perpetua.accounts;

import static io.restassured.RestAssured.given;

import io.perpetua.accounts.domain.admin.Totp;
import io.quarkus.arc.Arc;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** An administrator with a password and an authenticator app; times are of the service's clock. */
record TestAdmin(
        String id, String username, Totp totp, String token, long usedStep, Instant signedInAt) {
    static final String PASSWORD = "correct horse battery";
    static final String SECRET = "a-bootstrap-secret-of-the-tests";
    private static final Duration HALF_OF_A_TOKENS_TIME = Duration.ofMinutes(5);
    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static final AtomicReference<TestAdmin> ROOT = new AtomicReference<>();
    private static final AtomicReference<TestAdmin> SECOND = new AtomicReference<>();

    /** The first administrator, enrolled once by the bootstrap secret. */
    static synchronized TestAdmin root() {
        TestAdmin known = ROOT.get();
        if (known == null) {
            try {
                Files.writeString(Path.of("target/test-admin-bootstrap"), SECRET + "\n");
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
            known = enrol("root", SECRET);
        }
        known = known.stillSignedIn();
        ROOT.set(known);
        return known;
    }

    /** Who approves what the first one asks for; the operator approves of them. */
    static synchronized TestAdmin second() {
        TestAdmin known = SECOND.get();
        if (known == null) {
            TestAdmin root = root();
            String approval =
                    root.asksFor("/v1/admin/admins", wanted("second-pair", "RISK_MANAGER"));
            root.approvesAsOperator(approval, SECRET).then().statusCode(200);
            known = enrol("second-pair", root.partOf(approval));
        }
        known = known.stillSignedIn();
        SECOND.set(known);
        return known;
    }

    /** The same with a token that outlasts a test; the key that signed it may have had its time. */
    TestAdmin stillSignedIn() {
        boolean isOld = signedInAt.plus(HALF_OF_A_TOKENS_TIME).isBefore(now());
        boolean isFresh = !isOld && request().get("/v1/admin/me").statusCode() != 401;
        return isFresh ? this : signInAnew();
    }

    private static Instant now() {
        return Arc.container().instance(TestClock.class).get().instant();
    }

    /** Another administrator, whom these two make. */
    static TestAdmin make(String username, String role) {
        TestAdmin second = second();
        TestAdmin root = root();
        String approval = root.asksFor("/v1/admin/admins", wanted(username, role));
        second.approves(approval).then().statusCode(200);
        return enrol(username, root.partOf(approval) + second.partOf(approval));
    }

    static Map<String, String> wanted(String username, String role) {
        return Map.of(
                "username",
                username,
                "role",
                role,
                "reason",
                "a test",
                "reference",
                "admin-" + username);
    }

    /** Asks for what takes two. @return the id of the request */
    String asksFor(String path, Map<String, String> wanted) {
        return request().body(wanted).post(path).then().statusCode(201).extract().path("id");
    }

    Response approves(String approval) {
        return request().post("/v1/admin/approvals/" + approval + "/approve");
    }

    Response approvesAsOperator(String approval, String secret) {
        return request()
                .header("X-Forwarded-For", address())
                .body(Map.of("operatorSecret", secret))
                .post("/v1/admin/approvals/" + approval + "/approve-as-operator");
    }

    /** Their part of the token that whoever was approved enrols with. */
    String partOf(String approval) {
        return request()
                .post("/v1/admin/approvals/" + approval + "/enrolment-part")
                .then()
                .statusCode(200)
                .extract()
                .path("enrolmentPart");
    }

    /** Chooses the password, confirms the codes, signs in. */
    static TestAdmin enrol(String username, String enrolmentToken) {
        String uri =
                from(address())
                        .body(
                                Map.of(
                                        "username", username,
                                        "token", enrolmentToken,
                                        "password", PASSWORD))
                        .post("/v1/admin/enrolments")
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("totpUri");
        Totp totp = new Totp(base32(uri.replaceAll(".*secret=([A-Z2-7]+).*", "$1")));
        long step = Totp.step(now());
        String id =
                from(address())
                        .body(
                                Map.of(
                                        "username", username,
                                        "token", enrolmentToken,
                                        "code", totp.code(step)))
                        .post("/v1/admin/enrolments/confirm")
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("id");
        Instant signedInAt = now();
        String token =
                signIn(username, PASSWORD, totp.code(step + 1), address())
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("accessToken");
        return new TestAdmin(id, username, totp, token, step + 1, signedInAt);
    }

    static Response signIn(String username, String password, String code, String address) {
        return from(address)
                .body(Map.of("username", username, "password", password, "code", code))
                .post("/v1/admin/sign-in");
    }

    /** With a code that was not used yet, the next one at the latest. */
    private TestAdmin signInAnew() {
        long step = Totp.step(now()) + 1;
        while (step <= usedStep) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            step = Totp.step(now()) + 1;
        }
        Instant anew = now();
        String fresh =
                signIn(username, PASSWORD, totp.code(step), address())
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("accessToken");
        return new TestAdmin(id, username, totp, fresh, step, anew);
    }

    /** An address that nobody has failed from. */
    static String address() {
        return "198.51.100." + ADDRESSES.incrementAndGet();
    }

    static RequestSpecification from(String address) {
        return given().header("X-Forwarded-For", address).contentType(ContentType.JSON);
    }

    RequestSpecification request() {
        return given().auth().oauth2(token).contentType(ContentType.JSON);
    }

    private static byte[] base32(String text) {
        BigInteger value = BigInteger.ONE;
        for (int i = 0; i < text.length(); i++) {
            int bits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(text.charAt(i));
            value = value.shiftLeft(5).or(BigInteger.valueOf(bits));
        }
        byte[] bytes = value.toByteArray();
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }
}
