package io.perpetua.accounts.app;

import io.perpetua.accounts.app.Vault.Purpose;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renames a key of another exchange, switches it on or off, or gives it another passphrase, as
 * Zerodha's access tokens want it every day.
 */
@ApplicationScoped
public class ChangeExchangeKeyHandler {
    private final ExchangeKeyStore store;
    private final Vault vault;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public ChangeExchangeKeyHandler(
            ExchangeKeyStore store,
            Vault vault,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.vault = vault;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A partial change: what is null stays. The passphrase stays the caller's to close. */
    public record ChangeExchangeKey(
            UserId user,
            long id,
            @Nullable String name,
            @Nullable Boolean isActive,
            @Nullable Secret passphrase,
            AuditOrigin origin) {}

    /** The key as it is now, or nothing when the user has none of this id. */
    public Optional<ExchangeKeyRow> handle(ChangeExchangeKey command) {
        return transactions.call(command.user(), connection -> change(connection, command));
    }

    private Optional<ExchangeKeyRow> change(Connection connection, ChangeExchangeKey command)
            throws SQLException {
        Optional<ExchangeKeyRow> found = store.lock(connection, command.id());
        if (found.isEmpty()) {
            return found;
        }
        ExchangeKeyRow before = found.get();
        String name = command.name();
        Boolean isActive = command.isActive();
        ExchangeKeyRow after =
                before.changed(
                        name == null ? before.name() : name,
                        isActive == null ? before.isActive() : isActive);
        Secret passphrase = command.passphrase();
        if (passphrase != null) {
            UserId user = command.user();
            vault.remove(connection, Purpose.EXCHANGE_PASSPHRASE, command.id());
            vault.put(connection, Purpose.EXCHANGE_PASSPHRASE, user, command.id(), passphrase);
            after = after.withPassphrase(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        }
        if (after.equals(before)) {
            return found;
        }
        store.update(connection, after);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.EXCHANGE_KEY_CHANGED,
                        AddExchangeKeyHandler.subject(command.id()),
                        AddExchangeKeyHandler.state(before),
                        AddExchangeKeyHandler.state(after),
                        command.origin()));
        return Optional.of(after);
    }
}
