package io.perpetua.risk.app;

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
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.risk.persistence.SettlementReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Lists a subaccount's settlements. */
@ApplicationScoped
public class SettlementQueries {
    private final UserTransactions reads;

    SettlementQueries(UserTransactions reads) {
        this.reads = reads;
    }

    /** At most {@code limit} of those before {@code sequence}, the last first. */
    public List<SettlementView> before(
            UserId user, SubaccountId subaccount, long sequence, int limit) {
        return reads.call(
                user,
                transaction -> {
                    Snapshot snapshot = Snapshot.of(transaction, user);
                    return SettlementReader.before(transaction, user, subaccount, sequence, limit)
                            .stream()
                            .map(settled -> view(settled, snapshot))
                            .toList();
                });
    }

    private static SettlementView view(Settlement settlement, Snapshot snapshot) {
        return switch (settlement) {
            case TradesSettled trades ->
                    new SettlementView(
                            trades.subaccount(),
                            trades.sequence(),
                            SettlementView.Kind.TRADES,
                            trades.realised().minus(trades.fee()),
                            snapshot.symbolOf(trades.market()),
                            trades.firstTrade(),
                            trades.lastTrade(),
                            trades.fills(),
                            trades.notional(),
                            trades.realised(),
                            trades.fee(),
                            null,
                            null,
                            null,
                            null,
                            Instant.ofEpochMilli(trades.atMillis()));
            case TransferSettled transfer ->
                    new SettlementView(
                            transfer.subaccount(),
                            transfer.sequence(),
                            SettlementView.Kind.TRANSFER,
                            transfer.amount(),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            transfer.transfer(),
                            transfer.counterpart(),
                            null,
                            null,
                            Instant.ofEpochMilli(transfer.atMillis()));
            case WithdrawalReserved withdrawal ->
                    new SettlementView(
                            withdrawal.subaccount(),
                            withdrawal.sequence(),
                            SettlementView.Kind.WITHDRAWAL,
                            withdrawal.amount().negated(),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            withdrawal.withdrawal().toString(),
                            null,
                            Instant.ofEpochMilli(withdrawal.atMillis()));
            case DebitTaken debit ->
                    new SettlementView(
                            debit.subaccount(),
                            debit.sequence(),
                            SettlementView.Kind.ADJUSTMENT,
                            debit.amount().negated(),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            debit.adjustment().toString(),
                            Instant.ofEpochMilli(debit.atMillis()));
            case WithdrawalRefused refused -> throw notStored(refused);
            case DebitRefused refused -> throw notStored(refused);
            case CollateralReported report -> throw notStored(report);
            case UserFrozen frozen -> throw notStored(frozen);
            case UserClosingRefused refused -> throw notStored(refused);
        };
    }

    private static IllegalStateException notStored(Settlement settlement) {
        return new IllegalStateException("what moves nothing is not stored: " + settlement);
    }
}
