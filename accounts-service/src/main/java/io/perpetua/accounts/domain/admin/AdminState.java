package io.perpetua.accounts.domain.admin;

/** Whether an administrator can sign in. */
public enum AdminState {
    /** Has an enrolment token, and no password or no confirmed one-time codes yet. */
    ENROLLING,
    /** Can sign in. */
    ACTIVE,
    /** Can't. */
    DISABLED
}
