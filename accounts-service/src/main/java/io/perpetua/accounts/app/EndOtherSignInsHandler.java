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

/** Ends all sign-ins of a user but the one they use. */
@ApplicationScoped
public class EndOtherSignInsHandler {
    private final OpenSignInStore store;
    private final SignInEnding ending;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With where it writes. */
    public EndOtherSignInsHandler(
            OpenSignInStore store,
            SignInEnding ending,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.ending = ending;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A user's wish to be signed in nowhere else. */
    public record EndOtherSignIns(UserId user, SignInId kept) {}

    /** How many ended. */
    public int handle(EndOtherSignIns command) {
        Instant now = clock.instant();
        List<SignInRevoked> revoked =
                transactions.call(
                        command.user(),
                        connection ->
                                ending.publish(
                                        connection,
                                        command.user(),
                                        store.endOthers(connection, command.user(), command.kept()),
                                        now));
        ending.committed(revoked);
        return revoked.size();
    }
}
