package io.perpetua.accounts.domain.user;

/** How closely a user is watched. */
public enum RiskLevel {
    /** As everybody is. */
    LOW,
    /** Now and then. */
    MEDIUM,
    /** Often. */
    HIGH,
    /** All the time. */
    CRITICAL
}
