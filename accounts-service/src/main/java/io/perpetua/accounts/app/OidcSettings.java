package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.IdTokenRules;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInNonce;
import io.perpetua.accounts.domain.signin.SignInNonces;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The OpenID provider of administrators, if there is one, and the nonces its tokens carry. */
@ApplicationScoped
public class OidcSettings {
    private final Optional<Provider> provider;
    private final SignInSettings settings;
    private final Duration validity;
    private final SecureRandom random = new SecureRandom();

    /** Refuses half a configuration, and an issuer that anybody on the way could be. */
    public OidcSettings(AccountsConfig config, SignInSettings settings) {
        this.settings = settings;
        this.validity = Duration.ofSeconds(config.oidc().challengeSeconds());
        Optional<URI> issuer = config.oidc().issuer();
        Optional<String> clientId = config.oidc().clientId();
        if (issuer.isPresent() != clientId.isPresent()) {
            throw new IllegalStateException("an OpenID provider needs issuer and client id");
        }
        issuer.ifPresent(OidcSettings::requireSafe);
        this.provider = issuer.map(uri -> new Provider(uri, clientId.orElseThrow()));
    }

    /** The provider, and what this platform is to it. */
    public record Provider(URI issuer, String clientId) {
        IdTokenRules rules() {
            return new IdTokenRules(issuer.toString(), clientId);
        }
    }

    /** Refuses what anybody on the way could answer in the place of: no https, nor this machine. */
    public static void requireSafe(URI uri) {
        boolean isHere =
                "127.0.0.1".equals(uri.getHost())
                        || "localhost".equals(uri.getHost())
                        || "[::1]".equals(uri.getHost());
        if (!"https".equals(uri.getScheme()) && !("http".equals(uri.getScheme()) && isHere)) {
            throw new IllegalStateException("it is asked by https alone: " + uri);
        }
    }

    /** The provider; nothing when administrators sign in by password alone. */
    public Optional<Provider> provider() {
        return provider;
    }

    /** A nonce for a token that is to be asked for now. Nothing is stored. */
    public SignInNonce nonce(Instant now) {
        byte[] unique = new byte[SignInNonces.RANDOM_BYTES];
        random.nextBytes(unique);
        return settings.nonces().issue(ChallengePurpose.ADMINISTRATION, now.plus(validity), unique);
    }

    /** The nonce that a token carries, if it is one of ours and in time. */
    Optional<SignInNonce> recognise(String text, Instant now) {
        return settings.nonces()
                .recognise(text, ChallengePurpose.ADMINISTRATION)
                .filter(nonce -> now.isBefore(nonce.expiresAt()));
    }
}
