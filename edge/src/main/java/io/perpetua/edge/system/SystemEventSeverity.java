package io.perpetua.edge.system;

/** How much a system event matters. */
public enum SystemEventSeverity {
    /** All is as it should be. */
    INFO,
    /** Something failed and is tried again. */
    WARNING,
    /** Somebody has to look. */
    CRITICAL
}
