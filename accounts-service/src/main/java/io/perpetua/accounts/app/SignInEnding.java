package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.OpenSignInStore.EndedSignIn;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.AccessTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The part that all ways to end a sign-in share: every service refuses its access tokens. */
@ApplicationScoped
public class SignInEnding {
    private final TokenRevocationPublisher publisher;
    private final AccessTokens tokens;

    /** With whom it tells. */
    public SignInEnding(TokenRevocationPublisher publisher, AccessTokens tokens) {
        this.publisher = publisher;
        this.tokens = tokens;
    }

    /** Publishes what the transaction has ended; its last act. */
    List<SignInRevoked> publish(
            Connection connection, UserId user, List<EndedSignIn> ended, Instant now)
            throws SQLException {
        List<SignInRevoked> revocations =
                ended.stream()
                        .map(
                                one ->
                                        new SignInRevoked(
                                                user,
                                                one.id().toString(),
                                                now.toEpochMilli(),
                                                one.accessUntil().toEpochMilli()))
                        .toList();
        publisher.publish(connection, revocations);
        return revocations;
    }

    /** Once the transaction has committed: this instance knows at once, the others soon. */
    void committed(List<SignInRevoked> revocations) {
        if (!revocations.isEmpty()) {
            revocations.forEach(tokens::revoke);
            publisher.committed();
        }
    }
}
