package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditChain;
import io.perpetua.accounts.domain.audit.AuditChain.Break;
import io.perpetua.accounts.domain.audit.AuditChain.Flaw;
import io.perpetua.accounts.domain.audit.AuditRecord;
import io.perpetua.accounts.domain.audit.AuditRecord.Hash;
import io.perpetua.accounts.persistence.AuditStore;
import io.perpetua.accounts.persistence.AuditStore.End;
import io.perpetua.accounts.persistence.AuditStore.Filter;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the audit log's chain from its first entry to its head, some hundred entries at a time in
 * short transactions: entries don't change, so no snapshot has to be held.
 */
@ApplicationScoped
public class VerifyAuditTrailHandler {
    private static final int BATCH = 500;

    private final AuditStore store;
    private final AdminTransactions transactions;
    private final SystemEvents events;

    /** With what it reads. */
    public VerifyAuditTrailHandler(
            AuditStore store, AdminTransactions transactions, SystemEvents events) {
        this.store = store;
        this.transactions = transactions;
        this.events = events;
    }

    /**
     * An administrator's wish.
     *
     * @param known an end of the chain that was seen before, and kept where nobody who can write to
     *     the database can change it; null if none is at hand
     */
    public record VerifyAuditTrail(long admin, @Nullable Anchor known) {}

    /** What was at the chain's end at some time. */
    public record Anchor(long number, Hash hash) {}

    /**
     * What was found.
     *
     * @param verified how many entries are whole, from the first
     * @param hash of the last of them
     * @param firstBreak nothing if all are
     */
    public record Verification(long verified, Hash hash, Optional<Break> firstBreak) {}

    /** Looks at every entry there was when it began. */
    public Verification handle(VerifyAuditTrail command) {
        End end = transactions.call(command.admin(), store::end);
        AuditChain chain = new AuditChain();
        Optional<Break> broken = follow(command.admin(), chain, end.lastNumber(), command.known());
        if (broken.isEmpty()) {
            broken = chain.endsWith(end.number(), end.hash());
        }
        if (broken.isEmpty()
                && command.known() != null
                && chain.last() < command.known().number()) {
            broken = Optional.of(new Break(chain.last() + 1, Flaw.END_MISSING));
        }
        broken.ifPresent(
                found ->
                        events.record(
                                SystemEventType.AUDIT_CHAIN_BROKEN,
                                Map.of("entry", found.number(), "flaw", found.flaw().name())));
        return new Verification(chain.last(), chain.hash(), broken);
    }

    private Optional<Break> follow(
            long admin, AuditChain chain, long until, @Nullable Anchor known) {
        long reached = Long.MIN_VALUE;
        while (chain.last() < until) {
            long from = reached;
            List<AuditRecord> batch =
                    transactions.call(admin, tx -> store.after(tx, from, BATCH, Filter.ALL));
            if (batch.isEmpty()) {
                return Optional.of(new Break(chain.last() + 1, Flaw.END_MISSING));
            }
            for (AuditRecord entry : batch) {
                Optional<Break> broken = chain.take(entry);
                if (broken.isPresent()) {
                    return broken;
                }
                if (known != null
                        && entry.number() == known.number()
                        && !entry.hash().equals(known.hash())) {
                    return Optional.of(new Break(entry.number(), Flaw.END_CHANGED));
                }
                if (chain.last() == until) {
                    return Optional.empty();
                }
            }
            reached = chain.last();
        }
        return Optional.empty();
    }
}
