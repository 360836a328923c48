package io.perpetua.contracts.accounts;

/** What a user who leaves wants to become. */
public enum ClosingKind {
    /** Nothing is taken from the user until they come back; their money may stay. */
    DEACTIVATION,
    /** The user is gone for good, and so nothing of theirs may be left. */
    DELETION
}
