package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.signin.Chain;
import io.perpetua.accounts.domain.signin.SignInNonces;
import io.perpetua.accounts.domain.signin.SignInRules;
import io.perpetua.accounts.domain.token.RefreshRules;
import io.perpetua.accounts.domain.token.RefreshTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The site's sign-in rules, and the nonces that only it can make. */
@ApplicationScoped
public class SignInSettings {
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** Revocations are kept for two days, longer than any token they are of. */
    private static final Duration LONGEST_ACCESS = Duration.ofDays(1);

    private final SignInRules rules;
    private final RefreshRules refreshRules;
    private final Chain solanaChain;
    private final SecretKeys keys;

    /** From the configuration; refuses times that contradict each other. */
    public SignInSettings(AccountsConfig config, SecretKeys keys) {
        this.rules =
                new SignInRules(
                        config.signInDomain(),
                        config.signInUri(),
                        config.signInStatement(),
                        Duration.ofSeconds(config.challengeSeconds()),
                        CLOCK_SKEW);
        this.refreshRules =
                new RefreshRules(
                        Duration.ofSeconds(config.signInIdleSeconds()),
                        Duration.ofSeconds(config.signInSeconds()),
                        Duration.ofSeconds(config.refreshRepeatSeconds()));
        Duration access = Duration.ofSeconds(config.accessTokenSeconds());
        if (access.compareTo(LONGEST_ACCESS) > 0 || access.compareTo(refreshRules.idle()) >= 0) {
            throw new IllegalStateException(
                    "an access token is valid for a day at most, and for less than a sign-in"
                            + " without a refresh");
        }
        this.solanaChain = Chain.solana(config.solanaCluster());
        this.keys = keys;
    }

    RefreshRules refreshRules() {
        return refreshRules;
    }

    RefreshTokens refreshTokens() {
        return new RefreshTokens(derived("refresh-tokens"));
    }

    /** Since when a sign-in must have been refreshed to last now. */
    public Instant refreshedSince(Instant now) {
        return now.minus(refreshRules.idle());
    }

    /** The cluster that Solana wallets sign in on. */
    public Chain solanaChain() {
        return solanaChain;
    }

    SignInRules rules() {
        return rules;
    }

    SignInNonces nonces() {
        return new SignInNonces(derived("sign-in-nonces"));
    }

    private List<byte[]> derived(String purpose) {
        return keys.keyRing().all().stream().map(key -> key.derive(purpose)).toList();
    }
}
