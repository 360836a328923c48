package io.perpetua.accounts.domain.availability;

/** Whether it is known how much of a balance could leave, and if not, why. */
public enum Availability {
    /** It is. */
    KNOWN,

    /** Risk-service has not taken a credit yet that is in the balance: it is in a moment. */
    BEHIND,

    /** Risk-service did not answer in time, or has no mark price that it would act on. */
    UNAVAILABLE
}
