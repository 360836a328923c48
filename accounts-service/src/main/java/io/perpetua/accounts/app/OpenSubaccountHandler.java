package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.SubaccountRow;
import io.perpetua.accounts.persistence.SubaccountRows;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens a further subaccount of a user, up to a number. */
@ApplicationScoped
public class OpenSubaccountHandler {
    private final UserRows users;
    private final SubaccountRows subaccounts;
    private final SubaccountOpening opening;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;
    private final int most;

    /** With what it reads and writes. */
    public OpenSubaccountHandler(
            UserRows users,
            SubaccountRows subaccounts,
            SubaccountOpening opening,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.users = users;
        this.subaccounts = subaccounts;
        this.opening = opening;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.most = config.subaccountsPerUser();
    }

    /** A user's wish for a subaccount; without a name it gets one by its number. */
    public record OpenSubaccount(UserId user, @Nullable String name) {}

    /** How many subaccounts a user can have. */
    public int most() {
        return most;
    }

    /** The subaccount, or nothing when the user has as many as allowed. */
    public Optional<SubaccountRow> handle(OpenSubaccount command) {
        UserId user = command.user();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<SubaccountRow> opened =
                transactions.call(
                        user,
                        connection -> {
                            users.findById(user.value(), LockModeType.PESSIMISTIC_WRITE);
                            List<SubaccountRow> present = subaccounts.of(user.value());
                            if (present.size() >= most) {
                                return Optional.empty();
                            }
                            int number = present.getLast().number() + 1;
                            String name =
                                    command.name() == null
                                            ? "Subaccount " + number
                                            : command.name();
                            return Optional.of(opening.open(connection, user, number, name, now));
                        });
        if (opened.isPresent()) {
            events.committed();
        }
        return opened;
    }
}
