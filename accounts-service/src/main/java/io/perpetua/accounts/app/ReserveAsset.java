package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.LedgerStore.Moved;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.accounts.persistence.WithdrawalStore.NewWithdrawal;
import io.perpetua.accounts.persistence.WithdrawalStore.WithdrawalRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Decides in risk's place on a withdrawal of an asset that is no collateral, under the lock of its
 * account: the amount goes in flight, or is more than there is. All of it is of the caller's
 * transaction.
 */
@ApplicationScoped
public class ReserveAsset {
    private final WithdrawalStore withdrawals;
    private final LedgerStore ledger;

    /** With what it writes. */
    public ReserveAsset(WithdrawalStore withdrawals, LedgerStore ledger) {
        this.withdrawals = withdrawals;
        this.ledger = ledger;
    }

    /** Stores the withdrawal, reserved or refused. */
    WithdrawalRow decide(Connection connection, NewWithdrawal asked) throws SQLException {
        Asset asset = new Asset(asked.asset());
        LedgerTransaction transaction = LedgerTransaction.withdrawal(asset, asked.amount());
        Optional<Moved> taken =
                ledger.move(connection, asked.user(), asked.subaccount(), transaction);
        if (taken.isEmpty()) {
            return withdrawals.addRefused(
                    connection, asked, ledger.balance(connection, asked.subaccount(), asset));
        }
        ledger.writeWithdrawal(
                connection,
                asked.user(),
                asked.subaccount(),
                transaction,
                taken.get().account(),
                taken.get().sequence(),
                asked.id(),
                asked.requestedAt());
        return withdrawals.addReserved(connection, asked, taken.get().sequence());
    }
}
