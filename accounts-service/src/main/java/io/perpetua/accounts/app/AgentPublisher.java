package io.perpetua.accounts.app;

import io.perpetua.contracts.accounts.Agent;
import java.sql.Connection;
import java.sql.SQLException;

/** Tells every service how an agent stands now: exactly if the transaction commits. */
public interface AgentPublisher {
    /** To be called as the transaction's last act. */
    void publish(Connection transaction, Agent agent) throws SQLException;

    /** To be called once the transaction has committed, so that it leaves at once. */
    void committed();
}
