package io.perpetua.accounts.app;

import io.perpetua.contracts.accounts.SignInRevoked;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Tells every service which sign-ins have ended: exactly if the transaction commits. */
public interface TokenRevocationPublisher {
    /** To be called as the transaction's last act. */
    void publish(Connection transaction, List<SignInRevoked> revocations) throws SQLException;

    /** To be called once the transaction has committed, so that they leave at once. */
    void committed();
}
