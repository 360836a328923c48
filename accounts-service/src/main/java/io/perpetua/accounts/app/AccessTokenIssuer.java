package io.perpetua.accounts.app;

import io.perpetua.contracts.value.UserId;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Issues access tokens: JSON Web Tokens signed with ES256, whose subject is the user id. */
@ApplicationScoped
public class AccessTokenIssuer {
    private static final String PLATFORM = "perpetua";

    private final SecretKeys keys;
    private final int validSeconds;

    /** With the keys to sign with. */
    public AccessTokenIssuer(SecretKeys keys, AccountsConfig config) {
        this.keys = keys;
        this.validSeconds = config.accessTokenSeconds();
    }

    /** A token as issued. Never printed. */
    public record IssuedToken(String text, Instant issuedAt, Instant expiresAt) {
        @Override
        public String toString() {
            return "IssuedToken[expiresAt=" + expiresAt + "]";
        }
    }

    /** A token for the user, valid from now. */
    public IssuedToken issue(UserId user, Instant now) {
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = issuedAt.plusSeconds(validSeconds);
        SigningKey key = keys.newest();
        String text =
                Jwt.issuer(PLATFORM)
                        .audience(PLATFORM)
                        .subject(user.toString())
                        .issuedAt(issuedAt)
                        .expiresAt(expiresAt)
                        .claim("jti", UUID.randomUUID().toString())
                        .jws()
                        .keyId(key.id())
                        .algorithm(SignatureAlgorithm.ES256)
                        .sign(key.privateKey());
        return new IssuedToken(text, issuedAt, expiresAt);
    }
}
