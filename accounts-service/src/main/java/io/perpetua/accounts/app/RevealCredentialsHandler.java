package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.hypercore.CredentialChoice;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.HypercoreStore;
import io.perpetua.accounts.persistence.HypercoreStore.HypercoreRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Shows a user the private key of their Hypercore subaccount, and no sooner than the audit log has
 * it that they saw it.
 */
@ApplicationScoped
public class RevealCredentialsHandler {
    private final HypercoreStore store;
    private final Vault vault;
    private final AuditTrail audit;
    private final UserTransactions transactions;

    /** With what it reads and writes. */
    public RevealCredentialsHandler(
            HypercoreStore store, Vault vault, AuditTrail audit, UserTransactions transactions) {
        this.store = store;
        this.vault = vault;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** A user's wish to see their credentials. */
    public record RevealCredentials(UserId user, AuditOrigin origin) {}

    /** A subaccount and its private key, which the caller closes. */
    public record Credentials(HypercoreRow subaccount, Secret privateKey) {}

    /** The credentials, or nothing when there are none to choose. */
    public Optional<Credentials> handle(RevealCredentials command) {
        return transactions.call(command.user(), connection -> reveal(connection, command));
    }

    private Optional<Credentials> reveal(Connection connection, RevealCredentials command)
            throws SQLException {
        Optional<HypercoreRow> chosen =
                CredentialChoice.of(store.all(connection), HypercoreRow::isActive);
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        long id = chosen.get().id();
        Secret privateKey =
                vault.open(connection, Vault.Purpose.HYPERCORE_PRIVKEY, command.user(), id);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.HYPERCORE_CREDENTIALS_SHOWN,
                        AddHypercoreSubaccountHandler.subject(id),
                        null,
                        null,
                        command.origin()));
        return Optional.of(new Credentials(chosen.get(), privateKey));
    }
}
