package io.perpetua.accounts.messaging;

import io.perpetua.accounts.app.TokenRevocationPublisher;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Sends revocations to {@code accounts.token-revocations.v1} by the log's relay. */
@ApplicationScoped
public class TokenRevocationOutbox implements TokenRevocationPublisher {
    private final Eventlog log;

    /** With the log. */
    public TokenRevocationOutbox(Eventlog log) {
        this.log = log;
    }

    @Override
    public void publish(Connection transaction, List<SignInRevoked> revocations)
            throws SQLException {
        List<Outgoing> records = revocations.stream().map(TokenRevocationOutbox::record).toList();
        log.emit(transaction, UserEventOutbox.SOURCE, records);
    }

    private static Outgoing record(SignInRevoked revocation) {
        return new Outgoing(
                Topics.TOKEN_REVOCATIONS.name(),
                Partitions.of(revocation.user()),
                revocation.signIn(),
                EventCodec.encode(SignInRevoked.class, revocation),
                null);
    }

    @Override
    public void committed() {
        log.committed(UserEventOutbox.SOURCE);
    }
}
