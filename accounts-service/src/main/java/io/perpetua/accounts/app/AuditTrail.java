package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.persistence.AuditStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes the audit log in the transaction that does what is recorded: neither is without the other.
 *
 * <p>An entry holds the end of the chain until its transaction ends, so that one audited
 * transaction at a time commits. Append it when the work is done, last but for the events: what
 * comes after it is what the next one waits for, and the same order everywhere is what keeps two
 * transactions from waiting for each other.
 */
@ApplicationScoped
public class AuditTrail {
    private final AuditStore store;
    private final Clock clock;

    /** With where it writes. */
    public AuditTrail(AuditStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Records an action; after the work, before {@link UserEventPublisher#publish}.
     *
     * @return the entry's number
     */
    public long append(Connection transaction, AuditEntry entry) throws SQLException {
        return store.append(transaction, entry, now());
    }

    /**
     * Records what an administrator did in another service, which reports it; the same otherwise.
     */
    long appendReported(Connection transaction, AuditEntry entry) throws SQLException {
        return store.appendReported(transaction, entry, now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
