package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerReads.BalanceRow;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a user has on this platform, by the ledger: an asset's balances of all subaccounts. */
@ApplicationScoped
public class OwnFundsQuery {
    private final LedgerReads reads;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads. */
    public OwnFundsQuery(LedgerReads reads, UserTransactions transactions, Clock clock) {
        this.reads = reads;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * What there is of an asset.
     *
     * @param free null while nobody says how much of it is locked
     * @param locked as {@code free}
     */
    public record OwnFund(
            String asset,
            @Nullable BigDecimal free,
            @Nullable BigDecimal locked,
            BigDecimal total,
            Instant asOf) {}

    /** One for each asset, by its code. */
    public List<OwnFund> ask(UserId user) {
        List<BalanceRow> balances = transactions.call(user, tx -> reads.balances(tx, null));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<String, BigDecimal> totals = new TreeMap<>();
        for (BalanceRow row : balances) {
            totals.merge(row.asset(), decimal(row.balance()), BigDecimal::add);
        }
        return totals.entrySet().stream()
                .map(one -> new OwnFund(one.getKey(), null, null, one.getValue(), now))
                .toList();
    }

    private static BigDecimal decimal(Usd amount) {
        return BigDecimal.valueOf(amount.micros(), 6);
    }
}
