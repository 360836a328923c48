package io.perpetua.accounts.app;

import io.perpetua.accounts.app.Vault.Purpose;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.exchange.ExchangeKeyScope;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds a key of another exchange, once for each id of its owner's; all of it that is secret goes
 * into the vault.
 */
@ApplicationScoped
public class AddExchangeKeyHandler {
    private final ExchangeKeyStore store;
    private final UserRows users;
    private final Vault vault;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;
    private final int most;

    /** With what it reads and writes. */
    public AddExchangeKeyHandler(
            ExchangeKeyStore store,
            UserRows users,
            Vault vault,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.store = store;
        this.users = users;
        this.vault = vault;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.most = config.exchangeKeysPerUser();
    }

    /** A key to keep; its secrets stay the caller's to close. */
    public record AddExchangeKey(
            UserId user,
            String clientKeyId,
            String exchange,
            String name,
            Set<ExchangeKeyScope> scopes,
            Secret key,
            Secret secret,
            @Nullable Secret passphrase,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface AddOutcome {
        /** It is kept, now or by an earlier request with the same content. */
        record KeyAdded(ExchangeKeyRow key, boolean repeated) implements AddOutcome {}

        /** The client's id stands for another key. */
        record ClientIdTaken() implements AddOutcome {}

        /** The user has as many as allowed. */
        record KeysExhausted(int most) implements AddOutcome {}
    }

    /** Adds the key unless its id has been used. The user's row makes requests wait in turn. */
    public AddOutcome handle(AddExchangeKey command) {
        return transactions.call(
                command.user(),
                connection -> {
                    users.findById(command.user().value(), LockModeType.PESSIMISTIC_WRITE);
                    Optional<ExchangeKeyRow> earlier =
                            store.findByClientId(connection, command.clientKeyId());
                    if (earlier.isPresent()) {
                        return isSame(connection, earlier.get(), command)
                                ? new AddOutcome.KeyAdded(earlier.get(), true)
                                : new AddOutcome.ClientIdTaken();
                    }
                    if (store.count(connection) >= most) {
                        return new AddOutcome.KeysExhausted(most);
                    }
                    return new AddOutcome.KeyAdded(add(connection, command), false);
                });
    }

    private boolean isSame(Connection connection, ExchangeKeyRow earlier, AddExchangeKey command)
            throws SQLException {
        Secret passphrase = command.passphrase();
        return earlier.exchange().equals(command.exchange())
                && earlier.createdName().equals(command.name())
                && earlier.scopes().equals(command.scopes())
                && isSame(connection, Purpose.EXCHANGE_KEY, earlier, command, command.key())
                && isSame(connection, Purpose.EXCHANGE_SECRET, earlier, command, command.secret())
                && (earlier.passphraseChangedAt() != null
                        || isPassphrase(connection, earlier, command, passphrase));
    }

    private boolean isPassphrase(
            Connection connection,
            ExchangeKeyRow earlier,
            AddExchangeKey command,
            @Nullable Secret passphrase)
            throws SQLException {
        return earlier.hasPassphrase() == (passphrase != null)
                && (passphrase == null
                        || isSame(
                                connection,
                                Purpose.EXCHANGE_PASSPHRASE,
                                earlier,
                                command,
                                passphrase));
    }

    private boolean isSame(
            Connection connection,
            Purpose purpose,
            ExchangeKeyRow earlier,
            AddExchangeKey command,
            Secret given)
            throws SQLException {
        try (Secret kept = vault.open(connection, purpose, command.user(), earlier.id())) {
            return kept.matches(given);
        }
    }

    private ExchangeKeyRow add(Connection connection, AddExchangeKey command) throws SQLException {
        Secret passphrase = command.passphrase();
        ExchangeKeyRow row =
                new ExchangeKeyRow(
                        store.nextId(connection),
                        command.clientKeyId(),
                        command.exchange(),
                        command.name(),
                        command.name(),
                        command.scopes(),
                        command.key().hint(),
                        passphrase != null,
                        null,
                        true,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        null);
        UserId user = command.user();
        store.add(connection, user, row);
        vault.put(connection, Purpose.EXCHANGE_KEY, user, row.id(), command.key());
        vault.put(connection, Purpose.EXCHANGE_SECRET, user, row.id(), command.secret());
        if (passphrase != null) {
            vault.put(connection, Purpose.EXCHANGE_PASSPHRASE, user, row.id(), passphrase);
        }
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        AuditAction.EXCHANGE_KEY_ADDED,
                        subject(row.id()),
                        null,
                        state(row),
                        command.origin()));
        return row;
    }

    /** How the audit log names a key. */
    static String subject(long id) {
        return "exchange-key:" + id;
    }

    /** What the audit log keeps of a key. */
    static String state(ExchangeKeyRow row) {
        return CanonicalJson.of(
                Map.of(
                        "exchange", row.exchange(),
                        "name", row.name(),
                        "scopes", row.scopes().stream().sorted().toList(),
                        "keyHint", row.keyHint(),
                        "passphraseChanged", String.valueOf(row.passphraseChangedAt()),
                        "active", row.isActive()));
    }
}
