package io.perpetua.accounts.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/**
 * The OpenID provider that administrators may sign in by, {@code perpetua.accounts.oidc.*}; there
 * is none unless both its issuer and this platform's client id are set.
 */
public interface OidcConfig {
    /** As the provider names itself; https, or http on this machine. */
    Optional<URI> issuer();

    /** What this platform is to the provider. */
    Optional<String> clientId();

    /** How long the provider's keys are taken without being asked for again. */
    @WithDefault("600")
    int keysSeconds();

    /** How long after one was asked for a token may be presented. */
    @WithDefault("600")
    int challengeSeconds();
}
