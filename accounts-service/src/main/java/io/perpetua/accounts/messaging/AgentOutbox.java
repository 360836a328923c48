package io.perpetua.accounts.messaging;

import io.perpetua.accounts.app.AgentPublisher;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Sends agents to {@code accounts.agents.v1} by the log's relay. */
@ApplicationScoped
public class AgentOutbox implements AgentPublisher {
    private final Eventlog log;

    /** With the log. */
    public AgentOutbox(Eventlog log) {
        this.log = log;
    }

    @Override
    public void publish(Connection transaction, Agent agent) throws SQLException {
        Outgoing record =
                new Outgoing(
                        Topics.AGENTS.name(),
                        Partitions.of(agent.user()),
                        agent.address(),
                        EventCodec.encode(Agent.class, agent),
                        null);
        log.emit(transaction, UserEventOutbox.SOURCE, List.of(record));
    }

    @Override
    public void committed() {
        log.committed(UserEventOutbox.SOURCE);
    }
}
