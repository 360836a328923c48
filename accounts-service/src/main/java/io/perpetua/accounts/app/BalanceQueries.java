package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.availability.AvailableBalance;
import io.perpetua.accounts.domain.availability.RiskAccount;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerReads.BalanceRow;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user's balances by the ledger, and how much of each could leave by risk-service, which is asked
 * after the ledger was read and outside of its transaction.
 */
@ApplicationScoped
public class BalanceQueries {
    private final LedgerReads reads;
    private final UserTransactions transactions;
    private final RiskAccounts risk;

    /** With whom it asks. */
    public BalanceQueries(LedgerReads reads, UserTransactions transactions, RiskAccounts risk) {
        this.reads = reads;
        this.transactions = transactions;
        this.risk = risk;
    }

    /** A balance and how it divides. */
    public record DividedBalance(BalanceRow row, AvailableBalance divided) {}

    /** Balances, and what they were divided by; empty when risk-service gave no answer. */
    public record Balances(
            List<DividedBalance> all, Optional<Map<SubaccountId, RiskAccount>> risk) {}

    /** The user's balances, of one subaccount or all. */
    public Balances of(UserId user, @Nullable SubaccountId subaccount) {
        List<BalanceRow> rows = transactions.call(user, tx -> reads.balances(tx, subaccount));
        Optional<Map<SubaccountId, RiskAccount>> accounts =
                rows.isEmpty() ? Optional.of(Map.of()) : risk.of(user);
        return new Balances(
                rows.stream().map(row -> new DividedBalance(row, divide(row, accounts))).toList(),
                accounts);
    }

    /** Risk-service knows of collateral alone; of all else the whole balance could leave. */
    private static AvailableBalance divide(
            BalanceRow row, Optional<Map<SubaccountId, RiskAccount>> accounts) {
        if (!new Asset(row.asset()).isCollateral()) {
            return AvailableBalance.whole(row.balance());
        }
        return accounts.map(
                        known ->
                                AvailableBalance.of(
                                        row.balance(),
                                        row.creditSequence(),
                                        known.get(row.subaccount())))
                .orElse(AvailableBalance.UNAVAILABLE);
    }
}
