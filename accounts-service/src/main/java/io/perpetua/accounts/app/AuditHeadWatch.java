package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditRecord.Hash;
import io.perpetua.accounts.persistence.AuditStore;
import io.perpetua.accounts.persistence.AuditStore.End;
import io.perpetua.edge.UserTransactions;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps the end of the audit log apart from the database, where whoever can cut the chain's end off
 * can cut its head back too: each new end is a line in the service's log, which is collected
 * elsewhere. It also holds each end it has seen against the chain, so that a cut is noticed at once
 * by every instance that was running.
 */
@ApplicationScoped
public class AuditHeadWatch {
    private static final Logger LOG = Logger.getLogger(AuditHeadWatch.class);

    private final AuditStore store;
    private final UserTransactions transactions;
    private final AccountsConfig config;
    private final SystemEvents events;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("audit-head-watch").factory());
    private long lastNumber;
    private Hash lastHash = Hash.NONE;

    /** With what it watches. */
    public AuditHeadWatch(
            AuditStore store,
            UserTransactions transactions,
            AccountsConfig config,
            SystemEvents events) {
        this.store = store;
        this.transactions = transactions;
        this.config = config;
        this.events = events;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            int seconds = config.auditHeadSeconds();
            var _ = timer.scheduleWithFixedDelay(this::lookSafely, 0, seconds, TimeUnit.SECONDS);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        timer.shutdownNow();
    }

    /** The next turn tries again: the chain itself is not in danger from a missed look. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException failed) {
            LOG.warnf("the end of the audit log can't be read now: %s", failed);
            events.record(
                    SystemEventType.JOB_FAILED,
                    Map.of(
                            "job",
                            "audit-head-watch",
                            "failure",
                            failed.getClass().getSimpleName()));
        }
    }

    /** Looks once. @return whether what was seen before is still there */
    public synchronized boolean look() {
        return transactions.callPublic(this::look);
    }

    private boolean look(Connection connection) throws SQLException {
        Optional<Hash> there =
                lastNumber == 0 ? Optional.of(lastHash) : store.hashAt(connection, lastNumber);
        if (!there.equals(Optional.of(lastHash))) {
            LOG.errorf(
                    "the audit log was tampered with: entry %d had the hash %s and %s",
                    lastNumber,
                    lastHash,
                    there.map(hash -> "has " + hash + " now").orElse("is gone"));
            events.record(SystemEventType.AUDIT_CHAIN_BROKEN, Map.of("entry", lastNumber));
            return false;
        }
        End end = store.end(connection);
        if (end.number() > lastNumber) {
            LOG.infof("the audit log ends with entry %d, hash %s", end.number(), end.hash());
            lastNumber = end.number();
            lastHash = end.hash();
        }
        return true;
    }
}
