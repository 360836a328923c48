package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Ends one sign-in of a user. */
@ApplicationScoped
public class EndSignInHandler {
    private final OpenSignInStore store;
    private final SignInEnding ending;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With where it writes. */
    public EndSignInHandler(
            OpenSignInStore store,
            SignInEnding ending,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.ending = ending;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A user's wish to end one. */
    public record EndSignIn(UserId user, SignInId signIn) {}

    /** How many ended: 1, or 0 when the user has none of that name. */
    public int handle(EndSignIn command) {
        Instant now = clock.instant();
        List<SignInRevoked> revoked =
                transactions.call(
                        command.user(),
                        connection ->
                                ending.publish(
                                        connection,
                                        command.user(),
                                        store.end(connection, command.user(), command.signIn()),
                                        now));
        ending.committed(revoked);
        return revoked.size();
    }
}
