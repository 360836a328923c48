package io.perpetua.accounts.domain.audit;

import org.jspecify.annotations.Nullable;

/**
 * An action to be recorded, before it has its place in the chain. It must hold no secret: who reads
 * the log reads all of it.
 *
 * @param subject what was acted on, as {@code kind:id}, for example {@code user:17}
 * @param before what of the subject was changed, as it was; {@link CanonicalJson}, null when the
 *     subject is new or nothing changed
 * @param after the same as it is now
 */
public record AuditEntry(
        AuditActor actor,
        AuditAction action,
        String subject,
        @Nullable String before,
        @Nullable String after,
        AuditOrigin origin) {
    /** Length of a state in characters; canonical JSON has one byte each. */
    public static final int LONGEST_STATE = 16_384;

    private static final int LONGEST_SUBJECT = 160;

    /** Refuses what the log can't hold. */
    public AuditEntry {
        if (!subject.matches("[a-z-]+:[\\x21-\\x7e]+") || subject.length() > LONGEST_SUBJECT) {
            throw new IllegalArgumentException("a subject is written kind:id");
        }
        requireBounded(before);
        requireBounded(after);
    }

    private static void requireBounded(@Nullable String state) {
        if (state != null && state.length() > LONGEST_STATE) {
            throw new IllegalArgumentException("a recorded state is too long");
        }
    }
}
