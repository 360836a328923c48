package io.perpetua.accounts.app;

import io.perpetua.accounts.app.Vault.Purpose;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Removes a key of another exchange, and its secrets from the vault. */
@ApplicationScoped
public class RemoveExchangeKeyHandler {
    private static final List<Purpose> PARTS =
            List.of(Purpose.EXCHANGE_KEY, Purpose.EXCHANGE_SECRET, Purpose.EXCHANGE_PASSPHRASE);

    private final ExchangeKeyStore store;
    private final Vault vault;
    private final AuditTrail audit;
    private final UserTransactions transactions;

    /** With what it reads and writes. */
    public RemoveExchangeKeyHandler(
            ExchangeKeyStore store, Vault vault, AuditTrail audit, UserTransactions transactions) {
        this.store = store;
        this.vault = vault;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** A wish to be rid of a key. */
    public record RemoveExchangeKey(UserId user, long id, AuditOrigin origin) {}

    /** The key as it was, or nothing when the user has none of this id. */
    public Optional<ExchangeKeyRow> handle(RemoveExchangeKey command) {
        return transactions.call(command.user(), connection -> remove(connection, command));
    }

    private Optional<ExchangeKeyRow> remove(Connection connection, RemoveExchangeKey command)
            throws SQLException {
        Optional<ExchangeKeyRow> found = store.lock(connection, command.id());
        if (found.isEmpty()) {
            return found;
        }
        for (Purpose part : PARTS) {
            vault.remove(connection, part, command.id());
        }
        store.remove(connection, command.id());
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.EXCHANGE_KEY_REMOVED,
                        AddExchangeKeyHandler.subject(command.id()),
                        AddExchangeKeyHandler.state(found.get()),
                        null,
                        command.origin()));
        return found;
    }
}
