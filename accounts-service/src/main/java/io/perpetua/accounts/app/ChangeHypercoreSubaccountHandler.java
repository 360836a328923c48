package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.persistence.HypercoreStore;
import io.perpetua.accounts.persistence.HypercoreStore.HypercoreRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes what a request names of a Hypercore subaccount. */
@ApplicationScoped
public class ChangeHypercoreSubaccountHandler {
    private final HypercoreStore store;
    private final AuditTrail audit;
    private final UserTransactions transactions;

    /** With what it reads and writes. */
    public ChangeHypercoreSubaccountHandler(
            HypercoreStore store, AuditTrail audit, UserTransactions transactions) {
        this.store = store;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** A partial change: what is null stays. */
    public record ChangeHypercoreSubaccount(
            UserId user, long id, @Nullable Boolean isActive, AuditOrigin origin) {}

    /** The subaccount as it is now, or nothing when the user has none of this id. */
    public Optional<HypercoreRow> handle(ChangeHypercoreSubaccount command) {
        return transactions.call(command.user(), connection -> change(connection, command));
    }

    private Optional<HypercoreRow> change(Connection connection, ChangeHypercoreSubaccount command)
            throws SQLException {
        Optional<HypercoreRow> found = store.lock(connection, command.id());
        Boolean isActive = command.isActive();
        if (found.isEmpty() || isActive == null || found.get().isActive() == isActive) {
            return found;
        }
        HypercoreRow changed = found.get().active(isActive);
        store.update(connection, changed);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.HYPERCORE_SUBACCOUNT_CHANGED,
                        AddHypercoreSubaccountHandler.subject(command.id()),
                        CanonicalJson.of(Map.of("active", found.get().isActive())),
                        CanonicalJson.of(Map.of("active", isActive)),
                        command.origin()));
        return Optional.of(changed);
    }
}
