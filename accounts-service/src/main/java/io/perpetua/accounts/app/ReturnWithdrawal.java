package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.ledger.LedgerTransactionId;
import io.perpetua.accounts.domain.withdrawal.WithdrawalState;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.LedgerStore.Credited;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.accounts.persistence.WithdrawalStore.WithdrawalRow;
import io.perpetua.contracts.accounts.CollateralCredited;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way back of a withdrawal in flight: its end, the credit to its customer and, of
 * collateral, the event to risk are of the caller's transaction.
 */
@ApplicationScoped
public class ReturnWithdrawal {
    private final WithdrawalStore withdrawals;
    private final LedgerStore ledger;
    private final AuditTrail audit;
    private final UserEventPublisher events;

    /** With what it writes. */
    public ReturnWithdrawal(
            WithdrawalStore withdrawals,
            LedgerStore ledger,
            AuditTrail audit,
            UserEventPublisher events) {
        this.withdrawals = withdrawals;
        this.ledger = ledger;
        this.audit = audit;
        this.events = events;
    }

    /**
     * Gives the amount of a withdrawal back, which is held and in flight; the last act.
     *
     * @param entry what the audit log is to have of it; null when nobody asked for it
     */
    WithdrawalRow giveBack(
            Connection connection,
            WithdrawalRow withdrawal,
            @Nullable String reference,
            String reason,
            @Nullable AuditEntry entry,
            Instant now)
            throws SQLException {
        WithdrawalRow returned =
                withdrawals.finish(
                        connection,
                        withdrawal.id(),
                        WithdrawalState.RETURNED,
                        reference,
                        reason,
                        now);
        Asset asset = new Asset(withdrawal.asset());
        LedgerTransaction transaction =
                LedgerTransaction.withdrawalReturned(asset, withdrawal.amount());
        Credited credited =
                ledger.credit(connection, withdrawal.user(), withdrawal.subaccount(), transaction)
                        .orElseThrow();
        ledger.writeWithdrawal(
                connection,
                withdrawal.user(),
                withdrawal.subaccount(),
                transaction,
                credited,
                credited.creditSequence(),
                withdrawal.id(),
                now);
        if (entry != null) {
            audit.append(connection, entry);
        }
        if (asset.isCollateral()) {
            events.publish(
                    connection,
                    List.of(
                            new CollateralCredited(
                                    withdrawal.user(),
                                    withdrawal.subaccount(),
                                    asset.code(),
                                    withdrawal.amount(),
                                    new LedgerTransactionId(
                                                    withdrawal.subaccount(),
                                                    asset,
                                                    credited.transactions())
                                            .toString(),
                                    credited.creditSequence(),
                                    now.toEpochMilli())));
        }
        return returned;
    }
}
