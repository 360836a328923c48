package io.perpetua.accounts.app;

import io.perpetua.contracts.accounts.UserEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Publishes what a transaction decides about users: exactly once if it commits, else never. */
public interface UserEventPublisher {
    /** To be called as the transaction's last act. */
    void publish(Connection transaction, List<UserEvent> events) throws SQLException;

    /** To be called once the transaction has committed, so that its events leave at once. */
    void committed();
}
