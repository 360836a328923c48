package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.SettlementJournal;
import io.perpetua.accounts.domain.ledger.SettlementPosting;
import io.perpetua.accounts.domain.statistics.TradedDay;
import io.perpetua.accounts.persistence.SettlementStore;
import io.perpetua.accounts.persistence.SettlementStore.SettledAccount;
import io.perpetua.accounts.persistence.StatisticsStore;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.SubaccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how far accounts are settled, and writes what journals have taken, in a shard's commit. */
@ApplicationScoped
public class PostSettlementsHandler {
    private final SettlementStore store;
    private final StatisticsStore statistics;
    private final WithdrawalStore withdrawals;
    private final ConcludeDebits debits;
    private final CompareCollateral comparison;
    private final UserLifeStore lives;

    /** With the ledger, and what goes by its settlements. */
    public PostSettlementsHandler(
            SettlementStore store,
            StatisticsStore statistics,
            WithdrawalStore withdrawals,
            ConcludeDebits debits,
            CompareCollateral comparison,
            UserLifeStore lives) {
        this.store = store;
        this.statistics = statistics;
        this.withdrawals = withdrawals;
        this.debits = debits;
        this.comparison = comparison;
        this.lives = lives;
    }

    /** Fills the journals of shards. */
    public void load(Map<Integer, SettlementJournal> journals, Connection transaction)
            throws SQLException {
        know(journals, store.settled(transaction, journals.keySet()));
    }

    /** Fills in accounts that the journals don't know yet, as far as they exist. */
    public void lookUp(
            Map<Integer, SettlementJournal> journals,
            Set<SubaccountId> subaccounts,
            Connection transaction)
            throws SQLException {
        if (!subaccounts.isEmpty()) {
            know(journals, store.accountsOf(transaction, subaccounts));
        }
    }

    private static void know(
            Map<Integer, SettlementJournal> journals, List<SettledAccount> accounts) {
        for (SettledAccount account : accounts) {
            SettlementJournal journal = journals.get(account.shard());
            if (journal != null) {
                journal.know(account.subaccount(), account.user(), account.settlementSequence());
            }
        }
    }

    /** Writes what the journals have taken since the last time. */
    public void write(Collection<SettlementJournal> journals, Connection transaction)
            throws SQLException {
        List<SettlementPosting> postings = new ArrayList<>();
        List<TradesSettled> trades = new ArrayList<>();
        List<WithdrawalReserved> reserved = new ArrayList<>();
        List<WithdrawalRefused> refused = new ArrayList<>();
        List<DebitTaken> taken = new ArrayList<>();
        List<DebitRefused> debitsRefused = new ArrayList<>();
        List<CollateralReported> reports = new ArrayList<>();
        List<UserFrozen> frozen = new ArrayList<>();
        List<UserClosingRefused> closingRefusals = new ArrayList<>();
        for (SettlementJournal journal : journals) {
            postings.addAll(journal.pending());
            refused.addAll(journal.refusals());
            debitsRefused.addAll(journal.debitRefusals());
            reports.addAll(journal.reports());
            frozen.addAll(journal.frozenUsers());
            closingRefusals.addAll(journal.closingRefusals());
        }
        for (SettlementPosting posting : postings) {
            if (posting.settlement() instanceof TradesSettled settled) {
                trades.add(settled);
            } else if (posting.settlement() instanceof WithdrawalReserved withdrawal) {
                reserved.add(withdrawal);
            } else if (posting.settlement() instanceof DebitTaken debit) {
                taken.add(debit);
            }
        }
        // Users before their accounts, as in a deposit: neither waits for the other in a circle.
        lives.freeze(transaction, frozen);
        lives.refuse(transaction, closingRefusals);
        store.write(transaction, postings);
        statistics.add(transaction, TradedDay.of(trades));
        withdrawals.reserve(transaction, reserved);
        withdrawals.refuse(transaction, refused);
        comparison.compare(transaction, reports);
        debits.conclude(transaction, taken, debitsRefused);
        journals.forEach(SettlementJournal::written);
    }
}
