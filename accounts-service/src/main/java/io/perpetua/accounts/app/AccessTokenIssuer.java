package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.contracts.value.UserId;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Issues access tokens: JSON Web Tokens signed with ES256, of a user and a sign-in. */
@ApplicationScoped
public class AccessTokenIssuer {
    private static final String PLATFORM = "perpetua";

    /** Long enough for one call, whichever way two clocks differ. */
    private static final int BRIEF_SECONDS = 15;

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

    /** When a token issued now expires: never after its sign-in. */
    Instant expiry(Instant now, Instant signInExpiresAt) {
        Instant own = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(validSeconds);
        Instant latest = signInExpiresAt.truncatedTo(ChronoUnit.SECONDS);
        return own.isBefore(latest) ? own : latest;
    }

    /**
     * The text of a token by which this service acts for the user at another one, for some seconds:
     * of a sign-in that nobody has, so that it can be told from users' own and ends with none.
     */
    public String brief(UserId user, Instant now) {
        SignInId nobodys = new SignInId(UUID.randomUUID());
        return issue(user, nobodys, now, now.plusSeconds(BRIEF_SECONDS)).text();
    }

    /** A token of the sign-in, valid from now. */
    IssuedToken issue(UserId user, SignInId signIn, Instant now, Instant expiresAt) {
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        SigningKey key = keys.signing(now);
        String text =
                Jwt.issuer(PLATFORM)
                        .audience(PLATFORM)
                        .subject(user.toString())
                        .claim("sid", signIn.toString())
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
