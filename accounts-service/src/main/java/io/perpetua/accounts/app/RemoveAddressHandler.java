package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AddressBookStore;
import io.perpetua.accounts.persistence.AddressBookStore.AddressRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Removes an address from a user's address book; added again, it has to wait again. */
@ApplicationScoped
public class RemoveAddressHandler {
    private final AddressBookStore addresses;
    private final AuditTrail audit;
    private final UserTransactions transactions;

    /** With the address books. */
    public RemoveAddressHandler(
            AddressBookStore addresses, AuditTrail audit, UserTransactions transactions) {
        this.addresses = addresses;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** A wish to be rid of an entry. */
    public record RemoveAddress(UserId user, long id, AuditOrigin origin) {}

    /** The entry as it was, or nothing when the user has none of this id. */
    public Optional<AddressRow> handle(RemoveAddress command) {
        return transactions.call(command.user(), connection -> remove(connection, command));
    }

    private Optional<AddressRow> remove(Connection connection, RemoveAddress command)
            throws SQLException {
        Optional<AddressRow> removed = addresses.remove(connection, command.id());
        if (removed.isPresent()) {
            audit.append(
                    connection,
                    new AuditEntry(
                            AuditActor.user(command.user()),
                            AuditAction.WITHDRAWAL_ADDRESS_REMOVED,
                            AddAddressHandler.subject(command.id()),
                            AddAddressHandler.state(removed.get()),
                            null,
                            command.origin()));
        }
        return removed;
    }
}
