package io.perpetua.accounts.domain.approval;

import java.time.Instant;

/** How far a request for approval has come; it never goes back. */
public enum ApprovalState {
    /** Another administrator is to decide. */
    OPEN,
    /** Nobody decided in time. Not stored: an open one is so from its expiry on. */
    EXPIRED,
    /** Another administrator turned it down. */
    REJECTED,
    /** Approved, and on its way. */
    APPROVED,
    /** Approved and done. */
    EXECUTED,
    /** Approved, and refused by whoever had to carry it out; nothing moved. */
    REFUSED;

    /** The state at a time, of one that is stored as this and expires then. */
    public ApprovalState at(Instant now, Instant expiresAt) {
        return this == OPEN && !now.isBefore(expiresAt) ? EXPIRED : this;
    }
}
