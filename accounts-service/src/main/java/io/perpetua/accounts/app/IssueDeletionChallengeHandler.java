package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.signin.Chain;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.SignInNonces;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;

/** Makes the message by whose signature a user confirms to be deleted. Nothing is stored. */
@ApplicationScoped
public class IssueDeletionChallengeHandler {
    private final SignInSettings settings;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** With the rules of the site. */
    public IssueDeletionChallengeHandler(SignInSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** A user's wish to confirm with a wallet. */
    public record IssueDeletionChallenge(UserId user, Wallet wallet, Chain chain) {}

    /** The message to sign. */
    public SignInMessage handle(IssueDeletionChallenge command) {
        byte[] unique = new byte[SignInNonces.RANDOM_BYTES];
        random.nextBytes(unique);
        return settings.rules()
                .deletionChallenge(
                        settings.nonces(),
                        command.user(),
                        command.wallet(),
                        command.chain(),
                        unique,
                        clock.instant());
    }
}
