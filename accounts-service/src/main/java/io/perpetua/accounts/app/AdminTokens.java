package io.perpetua.accounts.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Issues and reads the access tokens of administrators: signed as the users' are, but with another
 * issuer and audience, so that neither passes for the other. A token names the generation of its
 * administrator's secrets and role: when that moves on, the token is void.
 */
@ApplicationScoped
public class AdminTokens {
    private static final String ADMINISTRATION = "perpetua-admin";
    private static final String GENERATION = "generation";
    private static final int LONGEST = 2_048;

    private final SecretKeys keys;
    private final ObjectMapper json;
    private final Clock clock;
    private final int validSeconds;

    /** With the keys to sign with. */
    public AdminTokens(SecretKeys keys, ObjectMapper json, Clock clock, AccountsConfig config) {
        this.keys = keys;
        this.json = json;
        this.clock = clock;
        this.validSeconds = config.adminTokenSeconds();
    }

    /** A token as issued. Never printed. */
    public record IssuedAdminToken(String text, Instant expiresAt) {
        @Override
        public String toString() {
            return "IssuedAdminToken[expiresAt=" + expiresAt + "]";
        }
    }

    /** What a token says that is signed and in time. */
    public record AdminClaims(long admin, int generation) {}

    /** A token for the administrator, valid from now. */
    IssuedAdminToken issue(AdminRow admin) {
        Instant issuedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = issuedAt.plusSeconds(validSeconds);
        SigningKey key = keys.signing(issuedAt);
        String text =
                Jwt.issuer(ADMINISTRATION)
                        .audience(ADMINISTRATION)
                        .subject(Long.toString(admin.id()))
                        .issuedAt(issuedAt)
                        .expiresAt(expiresAt)
                        .claim(GENERATION, admin.generation())
                        .claim("jti", UUID.randomUUID().toString())
                        .jws()
                        .keyId(key.id())
                        .algorithm(SignatureAlgorithm.ES256)
                        .sign(key.privateKey());
        return new IssuedAdminToken(text, expiresAt);
    }

    /** What the token says; nothing when it is none of this platform's, or too old. */
    public Optional<AdminClaims> read(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST || parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode header = json.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = json.readTree(Base64.getUrlDecoder().decode(parts[1]));
            byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8);
            if (!header.path("alg").asText().equals("ES256")
                    || header.has("crit")
                    || !isSigned(header.path("kid").asText(), signed, signature)) {
                return Optional.empty();
            }
            return claims(claims);
        } catch (IOException | IllegalArgumentException | GeneralSecurityException malformed) {
            return Optional.empty();
        }
    }

    private boolean isSigned(String keyId, byte[] signed, byte[] signature)
            throws GeneralSecurityException {
        ECPublicKey key = keys.key(keyId);
        if (key == null) {
            return false;
        }
        Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(signed);
        return verifier.verify(signature);
    }

    private Optional<AdminClaims> claims(JsonNode claims) {
        JsonNode expiry = claims.path("exp");
        JsonNode generation = claims.path(GENERATION);
        JsonNode audience = claims.path("aud");
        JsonNode sole = audience.size() == 1 ? audience.path(0) : audience;
        if (!claims.path("iss").asText().equals(ADMINISTRATION)
                || !sole.asText().equals(ADMINISTRATION)
                || !expiry.isIntegralNumber()
                || expiry.asLong() <= clock.instant().getEpochSecond()
                || !generation.isInt()) {
            return Optional.empty();
        }
        long admin = Long.parseLong(claims.path("sub").asText());
        return Optional.of(new AdminClaims(admin, generation.asInt()));
    }
}
