package io.perpetua.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An administrator with a password and an authenticator app, who signs in anew before a token ends.
 */
final class Administrator {
    private static final String PASSWORD = "correct horse battery";
    private static final Duration TOKEN_USE = Duration.ofMinutes(8);
    private static final int STEP_SECONDS = 30;

    private static @Nullable Administrator first;

    private final Api api;
    private final String username;
    private final byte[] secret;
    private long lastStep;
    private String token = "";
    private long tokenNanos;

    private Administrator(Api api, String username, byte[] secret) {
        this.api = api;
        this.username = username;
        this.secret = secret;
    }

    /**
     * The first administrator of the stack that tests share, who enrols once and signs in again for
     * each test.
     */
    static synchronized Administrator first(Stack stack, Api api)
            throws IOException, InterruptedException {
        Administrator known = first;
        if (known == null) {
            first = enrol(api, "root", stack.secret("admin-bootstrap"));
            return first;
        }
        Administrator again = new Administrator(api, known.username, known.secret);
        again.lastStep = known.lastStep;
        again.signIn();
        first = again;
        return again;
    }

    /** Enrols with a token that was handed out, and signs in. */
    static Administrator enrol(Api api, String username, String enrolmentToken)
            throws InterruptedException {
        JsonNode enrolment =
                api.persist(
                                "POST",
                                "/v1/admin/enrolments",
                                null,
                                Api.body(
                                        "username",
                                        username,
                                        "token",
                                        enrolmentToken,
                                        "password",
                                        PASSWORD))
                        .orThrow();
        String uri = enrolment.path("totpUri").asText();
        Administrator admin =
                new Administrator(
                        api, username, base32(uri.replaceAll(".*secret=([A-Z2-7]+).*", "$1")));
        api.persist(
                        "POST",
                        "/v1/admin/enrolments/confirm",
                        null,
                        Api.body(
                                "username",
                                username,
                                "token",
                                enrolmentToken,
                                "code",
                                admin.nextCode()))
                .orThrow();
        admin.signIn();
        return admin;
    }

    /** Makes another one. */
    Administrator make(String name, String role) throws InterruptedException {
        JsonNode made =
                persist("POST", "/v1/admin/admins", Api.body("username", name, "role", role))
                        .orThrow();
        return enrol(api, name, made.path("enrolmentToken").asText());
    }

    /** Sends a request that may be repeated, until the platform answers it. */
    Answer persist(String method, String path, Object body) throws InterruptedException {
        if (System.nanoTime() - tokenNanos > TOKEN_USE.toNanos()) {
            signIn();
        }
        return api.persist(method, path, token, body);
    }

    /** A code is taken once: when the answer to it is lost, the next one is waited for. */
    private void signIn() throws InterruptedException {
        Answer answer = trySignIn();
        for (int i = 0; i < 5 && !answer.isOk(); i++) {
            answer = trySignIn();
        }
        token = answer.orThrow().path("accessToken").asText();
        tokenNanos = System.nanoTime();
    }

    private Answer trySignIn() throws InterruptedException {
        return api.persist(
                "POST",
                "/v1/admin/sign-in",
                null,
                Api.body("username", username, "password", PASSWORD, "code", nextCode()));
    }

    /** The code of a step that was not used: the next one is taken up to a step early. */
    private String nextCode() throws InterruptedException {
        long now = System.currentTimeMillis() / 1000 / STEP_SECONDS;
        long step = Math.max(now, lastStep + 1);
        while (step > now + 1) {
            Thread.sleep(500);
            now = System.currentTimeMillis() / 1000 / STEP_SECONDS;
        }
        lastStep = step;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] digest = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int word =
                    ByteBuffer.wrap(digest).getInt(digest[digest.length - 1] & 0xf)
                            & Integer.MAX_VALUE;
            return "%06d".formatted(word % 1_000_000);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
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
