package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.accounts.persistence.AddressBookStore;
import io.perpetua.accounts.persistence.AddressBookStore.AddressRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Adds an address to a user's address book; it can be withdrawn to after a while. */
@ApplicationScoped
public class AddAddressHandler {
    private final AddressBookStore addresses;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;
    private final Duration delay;
    private final int most;

    /** With the address books. */
    public AddAddressHandler(
            AddressBookStore addresses,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.addresses = addresses;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.delay = Duration.ofSeconds(config.withdrawals().addressDelaySeconds());
        this.most = config.withdrawals().addressesPerUser();
    }

    /** An address by the user's name for it. */
    public record AddAddress(UserId user, String label, EvmAddress address, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface AddOutcome {
        /** It is in the address book, now or by an earlier request with the same content. */
        record Added(AddressRow entry, boolean repeated) implements AddOutcome {}

        /** It is in the address book by another name. */
        record OtherLabel() implements AddOutcome {}

        /** The address book is full. */
        record Full() implements AddOutcome {}
    }

    /** How many addresses an address book has. */
    public int most() {
        return most;
    }

    /** Adds the address unless it is there. */
    public AddOutcome handle(AddAddress command) {
        return transactions.call(command.user(), tx -> add(tx, command));
    }

    private AddOutcome add(Connection connection, AddAddress command) throws SQLException {
        addresses.lockUser(connection, command.user());
        Optional<AddressRow> earlier = addresses.find(connection, command.address());
        if (earlier.isPresent()) {
            return earlier.get().label().equals(command.label())
                    ? new AddOutcome.Added(earlier.get(), true)
                    : new AddOutcome.OtherLabel();
        }
        if (addresses.list(connection).size() >= most) {
            return new AddOutcome.Full();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        AddressRow added =
                addresses.add(
                        connection,
                        command.user(),
                        command.label(),
                        command.address(),
                        now,
                        now.plus(delay));
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.WITHDRAWAL_ADDRESS_ADDED,
                        subject(added.id()),
                        null,
                        state(added),
                        command.origin()));
        return new AddOutcome.Added(added, false);
    }

    /** How the audit log names an entry of an address book. */
    static String subject(long id) {
        return "withdrawal-address:" + id;
    }

    /** What the audit log keeps of it. */
    static String state(AddressRow row) {
        return CanonicalJson.of(
                Map.of(
                        "label", row.label(),
                        "address", row.address().hex(),
                        "usableAt", row.usableAt().toString()));
    }
}
