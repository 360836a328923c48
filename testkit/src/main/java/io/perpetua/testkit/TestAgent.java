package io.perpetua.testkit;

import io.perpetua.signatures.Base58;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent with an Ed25519 key of its own, which signs requests as the documents say. */
public final class TestAgent {
    /** Where users reach the platform, unless it is configured otherwise. */
    public static final String DOMAIN = "127.0.0.1:8080";

    private static final int KEY_BYTES = 32;

    private final String domain;
    private final KeyPair keys;

    /** With a new key. */
    public TestAgent() {
        this(DOMAIN);
    }

    /** With a new key, of a platform that users reach there. */
    public TestAgent(String domain) {
        this.domain = domain;
        try {
            keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its address. */
    public String address() {
        byte[] encoded = keys.getPublic().getEncoded();
        return Base58.encode(
                Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    }

    /** What proves to the platform that a user who registers it has its key. */
    public Map<String, String> proof(String user) {
        return proof(user, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    /** The same with a time of choice, in whole milliseconds. */
    public Map<String, String> proof(String user, Instant issuedAt) {
        String text =
                String.join(
                        "\n",
                        "Perpetua agent registration",
                        domain,
                        "User: " + user,
                        "Agent: " + address(),
                        "Issued at: " + issuedAt);
        return Map.of("issuedAt", issuedAt.toString(), "signature", sign(text));
    }

    /** The headers of a request that it signs now; body and nonce are null where there is none. */
    public Map<String, String> headers(
            String method, String uri, @Nullable String body, @Nullable Long nonce) {
        return headers(method, uri, body, nonce, System.currentTimeMillis());
    }

    /** The same with a time of choice. */
    public Map<String, String> headers(
            String method,
            String uri,
            @Nullable String body,
            @Nullable Long nonce,
            long timestampMillis) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Perpetua-Agent", address());
        headers.put("Perpetua-Timestamp", Long.toString(timestampMillis));
        if (nonce != null) {
            headers.put("Perpetua-Nonce", nonce.toString());
        }
        String digest = body == null ? "" : digest(body);
        if (body != null) {
            headers.put("Content-Digest", digest);
        }
        headers.put(
                "Perpetua-Signature",
                sign(
                        String.join(
                                "\n",
                                "Perpetua agent request",
                                domain,
                                method + " " + uri,
                                digest,
                                Long.toString(timestampMillis),
                                nonce == null ? "" : nonce.toString())));
        return headers;
    }

    private static String digest(String body) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(body.getBytes(StandardCharsets.UTF_8));
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its signature of a text, in base58. */
    public String sign(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return Base58.encode(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
