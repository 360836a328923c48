package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.HypercoreStore;
import io.perpetua.accounts.persistence.HypercoreStore.HypercoreRow;
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

/** Adds a Hypercore subaccount, whose private key goes into the vault; up to a number. */
@ApplicationScoped
public class AddHypercoreSubaccountHandler {
    private final HypercoreStore store;
    private final UserRows users;
    private final Vault vault;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;
    private final int most;

    /** With what it reads and writes. */
    public AddHypercoreSubaccountHandler(
            HypercoreStore store,
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
        this.most = config.hypercoreSubaccountsPerUser();
    }

    /** A subaccount of Hypercore to keep; the private key stays the caller's to close. */
    public record AddHypercoreSubaccount(
            UserId user,
            String wallet,
            String publicKey,
            Secret privateKey,
            boolean isActive,
            AuditOrigin origin) {}

    /** How many a user can have. */
    public int most() {
        return most;
    }

    /** The subaccount, or nothing when the user has as many as allowed. */
    public Optional<HypercoreRow> handle(AddHypercoreSubaccount command) {
        return transactions.call(command.user(), connection -> add(connection, command));
    }

    private Optional<HypercoreRow> add(Connection connection, AddHypercoreSubaccount command)
            throws SQLException {
        users.findById(command.user().value(), LockModeType.PESSIMISTIC_WRITE);
        if (store.all(connection).size() >= most) {
            return Optional.empty();
        }
        HypercoreRow row =
                new HypercoreRow(
                        store.nextId(connection),
                        command.user(),
                        command.wallet(),
                        command.publicKey(),
                        command.isActive(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
        store.add(connection, row);
        vault.put(
                connection,
                Vault.Purpose.HYPERCORE_PRIVKEY,
                command.user(),
                row.id(),
                command.privateKey());
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.HYPERCORE_SUBACCOUNT_ADDED,
                        subject(row.id()),
                        null,
                        CanonicalJson.of(
                                Map.of(
                                        "wallet", row.wallet(),
                                        "publicKey", row.publicKey(),
                                        "active", row.isActive())),
                        command.origin()));
        return Optional.of(row);
    }

    /** How the audit log names a subaccount. */
    static String subject(long id) {
        return "hypercore-subaccount:" + id;
    }
}
