package io.perpetua.accounts.domain.audit;

import io.perpetua.accounts.domain.audit.AuditRecord.Hash;
import java.util.Optional;

/**
 * Follows the chain entry by entry and tells the first place where it is broken. Holds one hash,
 * however long the chain.
 */
public final class AuditChain {
    private long last;
    private Hash hash;

    /** From the first entry on. */
    public AuditChain() {
        this(0, Hash.NONE);
    }

    /** From the entry after {@code last} on, which is taken to be whole. */
    public AuditChain(long last, Hash hash) {
        this.last = last;
        this.hash = hash;
    }

    /** Why an entry is no link of the chain. */
    public enum Flaw {
        /** There is no entry of this number, though there are later ones. */
        ENTRY_MISSING,
        /** Its content is not what was hashed. */
        CONTENT_CHANGED,
        /** It does not carry the hash of the entry before it. */
        PREDECESSOR_CHANGED,
        /** The chain's head or an earlier look at the chain tells of entries that are gone. */
        END_MISSING,
        /** The entry is not the one that the chain's head or an earlier look saw there. */
        END_CHANGED
    }

    /** The first place where the chain is broken. */
    public record Break(long number, Flaw flaw) {}

    /** Takes the next entry. @return what is wrong with it, and nothing if it is the next link */
    public Optional<Break> take(AuditRecord entry) {
        if (entry.number() != last + 1) {
            return Optional.of(new Break(last + 1, Flaw.ENTRY_MISSING));
        }
        if (!entry.computedHash().equals(entry.hash())) {
            return Optional.of(new Break(entry.number(), Flaw.CONTENT_CHANGED));
        }
        if (!entry.previousHash().equals(hash)) {
            return Optional.of(new Break(entry.number(), Flaw.PREDECESSOR_CHANGED));
        }
        last = entry.number();
        hash = entry.hash();
        return Optional.empty();
    }

    /** Holds the last entry taken against what is known of the end from elsewhere. */
    public Optional<Break> endsWith(long number, Hash known) {
        if (last < number) {
            return Optional.of(new Break(last + 1, Flaw.END_MISSING));
        }
        if (last > number || !hash.equals(known)) {
            return Optional.of(new Break(last, Flaw.END_CHANGED));
        }
        return Optional.empty();
    }

    /** The number of the last entry taken; 0 before the first. */
    public long last() {
        return last;
    }

    /** The hash of the last entry taken. */
    public Hash hash() {
        return hash;
    }
}
