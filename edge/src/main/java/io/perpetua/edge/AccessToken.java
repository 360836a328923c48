package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.value.UserId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;

/**
 * A JSON Web Token of accounts-service, taken apart: signed with ES256 (RFC 7518), its subject the
 * user id, its {@code sid} the sign-in it belongs to. That it reads well says nothing of who signed
 * it.
 */
record AccessToken(
        String keyId,
        String issuer,
        UserId user,
        String signIn,
        long issuedAtSeconds,
        long expiresAtSeconds,
        byte[] signed,
        byte[] signature) {
    /** Who issues the tokens of this platform. */
    static final String ISSUER = "perpetua";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 4_096;
    private static final int LONGEST_SIGN_IN = 64;
    private static final int SIGNATURE_BYTES = 64;

    /** The parts of {@code text}. @throws IllegalArgumentException if it is no such token */
    static AccessToken parse(String text) {
        int first = text.indexOf('.');
        int last = text.lastIndexOf('.');
        if (text.length() > LONGEST || first < 0 || first == last) {
            throw new IllegalArgumentException("not three parts");
        }
        JsonNode header = object(text.substring(0, first));
        JsonNode claims = object(text.substring(first + 1, last));
        if (!header.path("alg").asText().equals("ES256") || header.has("crit")) {
            throw new IllegalArgumentException("not signed with ES256");
        }
        byte[] signature = Base64.getUrlDecoder().decode(text.substring(last + 1));
        if (signature.length != SIGNATURE_BYTES) {
            throw new IllegalArgumentException("not a signature of ES256");
        }
        return new AccessToken(
                header.path("kid").asText(),
                claims.path("iss").asText(),
                UserId.parse(claims.path("sub").asText()),
                signIn(claims.path("sid")),
                seconds(claims, "iat"),
                seconds(claims, "exp"),
                text.substring(0, last).getBytes(StandardCharsets.US_ASCII),
                signature);
    }

    private static JsonNode object(String part) {
        try {
            JsonNode node = JSON.readTree(Base64.getUrlDecoder().decode(part));
            if (node == null || !node.isObject()) {
                throw new IllegalArgumentException("not an object");
            }
            return node;
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException("not JSON", unreadable);
        } catch (IOException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static String signIn(JsonNode claim) {
        String text = claim.asText();
        if (!claim.isTextual() || text.isEmpty() || text.length() > LONGEST_SIGN_IN) {
            throw new IllegalArgumentException("no claim sid");
        }
        return text;
    }

    private static long seconds(JsonNode claims, String name) {
        JsonNode value = claims.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("no claim " + name);
        }
        return value.asLong();
    }

    /** Whether the holder of {@code key} signed it. */
    boolean isSignedBy(ECPublicKey key) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException broken) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "AccessToken[user=" + user + "]";
    }
}
