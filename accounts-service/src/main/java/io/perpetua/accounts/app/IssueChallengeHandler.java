package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.signin.Chain;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.SignInNonces;
import io.perpetua.accounts.domain.signin.Wallet;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Makes the message a wallet signs to sign in, or for what else it is asked for. Nothing is stored:
 * the nonce proves itself, so asking for challenges takes no room and can't crowd out anybody
 * else's.
 */
@ApplicationScoped
public class IssueChallengeHandler {
    private final SignInSettings settings;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** With the rules of the site. */
    public IssueChallengeHandler(SignInSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** A wish for a message to a purpose. */
    public record IssueChallenge(ChallengePurpose purpose, Wallet wallet, Chain chain) {}

    /** The message to sign. */
    public SignInMessage handle(IssueChallenge command) {
        byte[] unique = new byte[SignInNonces.RANDOM_BYTES];
        random.nextBytes(unique);
        return settings.rules()
                .challenge(
                        settings.nonces(),
                        command.purpose(),
                        command.wallet(),
                        command.chain(),
                        unique,
                        clock.instant());
    }
}
