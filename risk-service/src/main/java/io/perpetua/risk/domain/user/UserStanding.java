package io.perpetua.risk.domain.user;

/**
 * What is decided about a user, as far as it restricts them. A user can be suspended and absent at
 * once: lifting the one leaves the other.
 */
public record UserStanding(boolean suspended, Presence presence) {
    /** Of a user about whom nothing is decided. */
    public static final UserStanding ACTIVE = new UserStanding(false, Presence.PRESENT);

    /** Whether the user is there. */
    public enum Presence {
        /** As everybody is. */
        PRESENT,
        /** Away, and may come back. */
        DEACTIVATED,
        /** Gone for good. */
        CLOSED
    }

    /** What the user may not do; each forbids what those before it do. */
    public enum Restriction {
        /** Nothing is forbidden. */
        NONE,
        /** They may cancel and reduce; no money of theirs moves. */
        SUSPENDED,
        /** No command is taken. */
        DEACTIVATED,
        /** No command is taken, ever. */
        CLOSED
    }

    /** What holds of all that is decided. */
    public Restriction restriction() {
        return switch (presence) {
            case CLOSED -> Restriction.CLOSED;
            case DEACTIVATED -> Restriction.DEACTIVATED;
            case PRESENT -> suspended ? Restriction.SUSPENDED : Restriction.NONE;
        };
    }

    /** The same, suspended or not. */
    public UserStanding suspended(boolean now) {
        return new UserStanding(now, presence);
    }

    /** The same, there or not. */
    public UserStanding presence(Presence now) {
        return new UserStanding(suspended, now);
    }
}
