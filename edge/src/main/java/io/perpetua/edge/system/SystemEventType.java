package io.perpetua.edge.system;

import static io.perpetua.edge.system.SystemEventSeverity.CRITICAL;
import static io.perpetua.edge.system.SystemEventSeverity.INFO;
import static io.perpetua.edge.system.SystemEventSeverity.WARNING;

/** What can happen to a service; a constant once used keeps its name for ever. */
public enum SystemEventType {
    /** An instance has started. */
    SERVICE_STARTED(INFO),
    /** An instance takes requests: its part in the log is well for the first time. */
    SERVICE_READY(INFO),
    /** An instance ends as it was told to. */
    SERVICE_STOPPED(INFO),
    /** An instance has taken shards, and runs them. */
    SHARDS_TAKEN(INFO),
    /** An instance does not run shards any more. */
    SHARDS_LOST(WARNING),
    /** Something that runs by itself failed, and is tried again. */
    JOB_FAILED(WARNING),
    /** The ledger and risk do not agree on an account, or the ledger with itself. */
    RECONCILIATION_DIFFERENCE(CRITICAL),
    /** No comparison of the ledger with risk was done in a night. */
    RECONCILIATION_MISSED(CRITICAL),
    /** The audit log is not what it was. */
    AUDIT_CHAIN_BROKEN(CRITICAL),
    /** A new key wraps every secret. */
    SECRETS_REWRAPPED(INFO),
    /** A secret does not open: it was tampered with, or its key is gone. */
    SECRET_UNOPENABLE(CRITICAL);

    private final SystemEventSeverity severity;

    SystemEventType(SystemEventSeverity severity) {
        this.severity = severity;
    }

    /** How much it matters. */
    public SystemEventSeverity severity() {
        return severity;
    }
}
