package io.perpetua.accounts.domain.ledger;

import io.perpetua.accounts.domain.ledger.LedgerTransaction.TransactionKind;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.TransferSettled;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import java.util.List;

/**
 * A settlement and the transaction it is in the ledger.
 *
 * @param settlement as risk decided it
 * @param transaction its postings
 */
public record SettlementPosting(Settlement settlement, LedgerTransaction transaction) {
    /** The ledger's side of a settlement. */
    public static SettlementPosting of(Settlement settlement) {
        return switch (settlement) {
            case TradesSettled trades -> new SettlementPosting(trades, transactionOf(trades));
            case TransferSettled transfer ->
                    new SettlementPosting(transfer, transactionOf(transfer));
            case WithdrawalReserved withdrawal ->
                    new SettlementPosting(
                            withdrawal,
                            LedgerTransaction.withdrawal(Asset.USDC, withdrawal.amount()));
            case DebitTaken debit ->
                    new SettlementPosting(
                            debit, LedgerTransaction.adjustmentDebit(Asset.USDC, debit.amount()));
            case WithdrawalRefused refused -> throw movesNothing(refused);
            case DebitRefused refused -> throw movesNothing(refused);
            case CollateralReported report -> throw movesNothing(report);
            case UserFrozen frozen -> throw movesNothing(frozen);
            case UserClosingRefused refused -> throw movesNothing(refused);
        };
    }

    private static IllegalArgumentException movesNothing(Settlement settlement) {
        return new IllegalArgumentException("nothing to post: " + settlement);
    }

    /** {@code customer += amount; transfers -= amount}. */
    private static LedgerTransaction transactionOf(TransferSettled transfer) {
        return new LedgerTransaction(
                TransactionKind.TRANSFER,
                Asset.USDC,
                List.of(new HousePosting(HouseAccount.TRANSFERS, transfer.amount().negated())));
    }

    /** {@code customer += realised - fee; clearing -= realised; fees += fee}. */
    private static LedgerTransaction transactionOf(TradesSettled trades) {
        return new LedgerTransaction(
                TransactionKind.TRADES_SETTLED,
                Asset.USDC,
                List.of(
                        new HousePosting(
                                HouseAccount.clearing(trades.market()),
                                trades.realised().negated()),
                        new HousePosting(HouseAccount.FEES, trades.fee())));
    }
}
