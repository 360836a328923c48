package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.ledger.LedgerTransactionId;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.DepositStore;
import io.perpetua.accounts.persistence.DepositStore.DepositRow;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.LedgerStore.Credited;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Credits a deposit, once for each reference of its source: the account, which the first deposit of
 * an asset opens, its transaction, the deposit's row and, of collateral, the event to risk are one
 * commit.
 */
@ApplicationScoped
public class CreditDepositHandler {
    private final DepositStore deposits;
    private final UserLifeStore lives;
    private final LedgerStore ledger;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;
    private final KeptAssets assets;

    /** With what it reads and writes. */
    public CreditDepositHandler(
            DepositStore deposits,
            UserLifeStore lives,
            LedgerStore ledger,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock,
            AssetSettings assets) {
        this.deposits = deposits;
        this.lives = lives;
        this.ledger = ledger;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.assets = assets.kept();
    }

    /** Who says that money has arrived. */
    public enum Source {
        /** The custodian. */
        CUSTODIAN,
        /** The faucet of a development stack. */
        FAUCET
    }

    /** Money that arrived for a subaccount; {@code reference} is unique within its source. */
    public record CreditDeposit(
            UserId user,
            SubaccountId subaccount,
            Asset asset,
            Usd amount,
            Source source,
            String reference) {}

    /** What became of it. */
    public sealed interface DepositOutcome {
        /** It is credited, now or by an earlier request with the same content. */
        record DepositCredited(DepositRow deposit, boolean repeated) implements DepositOutcome {}

        /** The reference was used for another deposit. */
        record ReferenceTaken() implements DepositOutcome {}

        /** The platform keeps no such asset. */
        record AssetNotKept() implements DepositOutcome {}

        /** The user has no such subaccount. */
        record AccountUnknown() implements DepositOutcome {}

        /** The user is about to be deleted, or is: nothing may be credited. */
        record UserLeft(UserState state) implements DepositOutcome {}
    }

    /** Rolls back: another request with the reference committed between our look and our write. */
    private static final class OvertakenException extends RuntimeException {}

    /** Credits the deposit unless its reference has been used. */
    public DepositOutcome handle(CreditDeposit command) {
        DepositOutcome outcome;
        try {
            outcome = transactions.call(command.user(), tx -> findOrCredit(tx, command));
        } catch (OvertakenException overtaken) {
            outcome =
                    transactions.call(
                            command.user(),
                            tx -> find(tx, command).orElseGet(DepositOutcome.ReferenceTaken::new));
        }
        if (outcome instanceof DepositOutcome.DepositCredited credited && !credited.repeated()) {
            events.committed();
        }
        return outcome;
    }

    private DepositOutcome findOrCredit(Connection connection, CreditDeposit command)
            throws SQLException {
        Optional<DepositOutcome> earlier = find(connection, command);
        return earlier.isPresent() ? earlier.get() : credit(connection, command);
    }

    private Optional<DepositOutcome> find(Connection connection, CreditDeposit command)
            throws SQLException {
        return deposits.find(connection, command.source().name(), command.reference())
                .map(
                        earlier ->
                                sameContent(earlier, command)
                                        ? new DepositOutcome.DepositCredited(earlier, true)
                                        : new DepositOutcome.ReferenceTaken());
    }

    private static boolean sameContent(DepositRow earlier, CreditDeposit command) {
        return earlier.subaccount().equals(command.subaccount())
                && earlier.asset().equals(command.asset().code())
                && earlier.amount().equals(command.amount());
    }

    private DepositOutcome credit(Connection connection, CreditDeposit command)
            throws SQLException {
        if (!assets.has(command.asset())) {
            return new DepositOutcome.AssetNotKept();
        }
        UserState state = lives.share(connection, command.user()).state();
        if (!state.takesCredits()) {
            return new DepositOutcome.UserLeft(state);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        LedgerTransaction transaction =
                LedgerTransaction.deposit(command.asset(), command.amount());
        Optional<Credited> credited =
                ledger.credit(connection, command.user(), command.subaccount(), transaction);
        if (credited.isEmpty() && !command.asset().isCollateral()) {
            ledger.openFurtherAccount(
                    connection, command.user(), command.subaccount(), command.asset());
            credited = ledger.credit(connection, command.user(), command.subaccount(), transaction);
        }
        if (credited.isEmpty()) {
            return new DepositOutcome.AccountUnknown();
        }
        DepositRow deposit =
                new DepositRow(
                        0,
                        command.subaccount(),
                        command.asset().code(),
                        command.amount(),
                        command.source().name(),
                        command.reference(),
                        credited.get().transactions(),
                        credited.get().creditSequence(),
                        now);
        OptionalLong id = deposits.add(connection, command.user(), deposit);
        if (id.isEmpty()) {
            throw new OvertakenException();
        }
        ledger.writeCredit(
                connection, command.user(), command.subaccount(), transaction, credited.get(), now);
        if (command.asset().isCollateral()) {
            events.publish(connection, List.of(event(command, credited.get(), now)));
        }
        return new DepositOutcome.DepositCredited(deposit.withId(id.getAsLong()), false);
    }

    private static CollateralCredited event(CreditDeposit command, Credited credited, Instant now) {
        LedgerTransactionId transaction =
                new LedgerTransactionId(
                        command.subaccount(), command.asset(), credited.transactions());
        return new CollateralCredited(
                command.user(),
                command.subaccount(),
                command.asset().code(),
                command.amount(),
                transaction.toString(),
                credited.creditSequence(),
                now.toEpochMilli());
    }
}
