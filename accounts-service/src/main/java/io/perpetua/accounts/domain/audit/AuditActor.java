package io.perpetua.accounts.domain.audit;

import io.perpetua.contracts.value.UserId;

/**
 * Who acted.
 *
 * @param id of the administrator or user, or the service's name
 */
public record AuditActor(Kind kind, String id) {
    private static final int LONGEST_ID = 64;

    /** What kind of actor. The database lets a transaction name none but its own. */
    public enum Kind {
        /** An administrator. */
        ADMIN,
        /** A user of the platform. */
        USER,
        /** The platform itself. */
        SERVICE
    }

    /** Refuses an id that is empty or too long. */
    public AuditActor {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("an actor's id has 1 to 64 characters");
        }
    }

    /** An administrator, who must be the one the transaction names. */
    public static AuditActor admin(long id) {
        return new AuditActor(Kind.ADMIN, Long.toString(id));
    }

    /** A user, who must be the one the transaction names. */
    public static AuditActor user(UserId user) {
        return new AuditActor(Kind.USER, user.toString());
    }

    /** The platform, where nobody is signed in. */
    public static AuditActor service(String name) {
        return new AuditActor(Kind.SERVICE, name);
    }
}
