package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.signin.SignInNonces;
import io.perpetua.accounts.domain.signin.SignInRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The site's sign-in rules, and the nonces that only it can make. */
@ApplicationScoped
public class SignInSettings {
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private final SignInRules rules;
    private final SecretKeys keys;

    /** From the configuration. */
    public SignInSettings(AccountsConfig config, SecretKeys keys) {
        this.rules =
                new SignInRules(
                        config.signInDomain(),
                        config.signInUri(),
                        config.signInStatement(),
                        Duration.ofSeconds(config.challengeSeconds()),
                        CLOCK_SKEW);
        this.keys = keys;
    }

    SignInRules rules() {
        return rules;
    }

    SignInNonces nonces() {
        return new SignInNonces(keys.keyEncryptionKey().derive("sign-in-nonces"));
    }
}
