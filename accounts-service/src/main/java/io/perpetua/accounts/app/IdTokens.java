package io.perpetua.accounts.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.domain.admin.IdTokenClaims;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads ID tokens, signed by RS256 or ES256 with a key that their issuer publishes; nothing else is
 * looked at.
 */
@ApplicationScoped
public class IdTokens {
    private static final int LONGEST = 8_192;
    private static final Map<String, String> ALGORITHMS =
            Map.of("RS256", "SHA256withRSA", "ES256", "SHA256withECDSAinP1363Format");

    private final IssuerKeys keys;
    private final ObjectMapper json;

    /** With the issuer's keys. */
    public IdTokens(IssuerKeys keys, ObjectMapper json) {
        this.keys = keys;
        this.json = json;
    }

    /** What the token says; nothing when it is malformed, or not signed by the issuer. */
    Optional<IdTokenClaims> read(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST || parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode head = part(parts[0]);
            byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            if (head.has("crit") || !isSigned(head, signed, signature)) {
                return Optional.empty();
            }
            return Optional.of(claims(part(parts[1])));
        } catch (IOException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private JsonNode part(String text) throws IOException {
        JsonNode node = json.readTree(Base64.getUrlDecoder().decode(text));
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("not an object");
        }
        return node;
    }

    private boolean isSigned(JsonNode head, byte[] signed, byte[] signature) {
        String algorithm = head.path("alg").asText();
        String keyId = head.path("kid").asText();
        String name = ALGORITHMS.get(algorithm);
        PublicKey key = name == null || keyId.isEmpty() ? null : keys.key(keyId, algorithm);
        if (key == null) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(name);
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException broken) {
            return false;
        }
    }

    private static IdTokenClaims claims(JsonNode claims) {
        return new IdTokenClaims(
                text(claims, "iss"),
                audience(claims.path("aud")),
                claims.has("azp") ? text(claims, "azp") : null,
                text(claims, "sub"),
                text(claims, "nonce"),
                seconds(claims, "iat"),
                seconds(claims, "exp"),
                notBefore(claims));
    }

    private static List<String> audience(JsonNode claim) {
        List<String> audience = new ArrayList<>();
        if (claim.isTextual()) {
            audience.add(claim.asText());
        }
        claim.forEach(one -> audience.add(one.asText()));
        return audience;
    }

    private static @Nullable Long notBefore(JsonNode claims) {
        return claims.has("nbf") ? seconds(claims, "nbf") : null;
    }

    private static String text(JsonNode claims, String name) {
        JsonNode claim = claims.path(name);
        if (!claim.isTextual()) {
            throw new IllegalArgumentException("no claim " + name);
        }
        return claim.asText();
    }

    private static long seconds(JsonNode claims, String name) {
        JsonNode claim = claims.path(name);
        if (!claim.isNumber() || !claim.canConvertToLong()) {
            throw new IllegalArgumentException("no claim " + name);
        }
        return claim.asLong();
    }
}
