package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.accounts.persistence.OpenSignInStore.EndedSignIn;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Ends sign-ins of a user: one of them, or all but the one they use. */
@ApplicationScoped
public class EndSignInsHandler {
    private final OpenSignInStore store;
    private final SignInEnding ending;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With where it writes. */
    public EndSignInsHandler(
            OpenSignInStore store,
            SignInEnding ending,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.ending = ending;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Which of them. */
    public enum Which {
        /** The one that is named. */
        ONE,
        /** All but the one that is named. */
        OTHERS
    }

    /** A user's wish. */
    public record EndSignIns(UserId user, Which which, SignInId signIn) {}

    /** How many ended; of one, 0 when the user has none of that name. */
    public int handle(EndSignIns command) {
        Instant now = clock.instant();
        List<SignInRevoked> revoked =
                transactions.call(
                        command.user(),
                        connection ->
                                ending.publish(
                                        connection, command.user(), end(connection, command), now));
        ending.committed(revoked);
        return revoked.size();
    }

    private List<EndedSignIn> end(Connection connection, EndSignIns command) throws SQLException {
        return switch (command.which()) {
            case ONE -> store.end(connection, command.user(), command.signIn());
            case OTHERS -> store.endOthers(connection, command.user(), command.signIn());
        };
    }
}
