package io.perpetua.accounts.messaging;

import io.perpetua.accounts.app.UserEventPublisher;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Sends user events to {@code accounts.user-events.v1} by the log's relay. */
@ApplicationScoped
public class UserEventOutbox implements UserEventPublisher {
    /** The relay's name, and so the source of the channels. */
    static final String SOURCE = "accounts-http";

    private final Eventlog log;

    /** With the log. */
    public UserEventOutbox(Eventlog log) {
        this.log = log;
    }

    @Override
    public void publish(Connection transaction, List<UserEvent> events) throws SQLException {
        List<Outgoing> records = events.stream().map(UserEventOutbox::record).toList();
        log.emit(transaction, SOURCE, records);
    }

    private static Outgoing record(UserEvent event) {
        return new Outgoing(
                Topics.USER_EVENTS.name(),
                Partitions.of(event.user()),
                event.user().toString(),
                EventCodec.encode(UserEvent.class, event),
                null);
    }

    @Override
    public void committed() {
        log.committed(SOURCE);
    }
}
