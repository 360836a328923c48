package io.perpetua.contracts.risk;

/** Why a user can't leave, and how many there are of it. */
public record ClosingObstacle(Kind kind, int count) {
    /** What must be gone before; in the order in which it can be. */
    public enum Kind {
        /** Orders that are open or under way. */
        OPEN_ORDERS,
        /** Positions that are open. */
        OPEN_POSITIONS,
        /** Withdrawals that have not ended. */
        PENDING_WITHDRAWALS,
        /** Subaccounts with a balance. */
        BALANCES
    }
}
