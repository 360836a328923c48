package io.perpetua.accounts.domain.ledger;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settlements of one user shard on their way into the ledger: it knows how far each account is
 * settled and takes exactly the next settlement of each. What it took waits in {@link #pending}
 * until it is written.
 */
public final class SettlementJournal {
    private final Map<SubaccountId, SettledAccount> accounts = new HashMap<>();
    private final List<SettlementPosting> pending = new ArrayList<>();
    private final List<WithdrawalRefused> refusals = new ArrayList<>();
    private final List<DebitRefused> debitRefusals = new ArrayList<>();
    private final List<CollateralReported> reports = new ArrayList<>();
    private final List<UserFrozen> frozenUsers = new ArrayList<>();
    private final List<UserClosingRefused> closingRefusals = new ArrayList<>();

    /**
     * Makes a subaccount's account known.
     *
     * @param settled the sequence of its last settlement, 0 before the first
     */
    public void know(SubaccountId subaccount, UserId user, long settled) {
        accounts.put(subaccount, new SettledAccount(user, settled));
    }

    /** Whether the subaccount's account is known. */
    public boolean knows(SubaccountId subaccount) {
        return accounts.containsKey(subaccount);
    }

    /**
     * Takes the next settlement of an account, or what stands behind its last one and moves
     * nothing.
     *
     * @throws IllegalStateException when it is not the next one, or its account is unknown or
     *     another user's: settlements are numbered, so this is a fault and not an input
     */
    public void take(Settlement settlement) {
        SettledAccount account = accounts.get(settlement.subaccount());
        if (account == null || !account.user.equals(settlement.user())) {
            throw new IllegalStateException(
                    "settlement for subaccount %s of user %s, which has no account"
                            .formatted(settlement.subaccount(), settlement.user()));
        }
        switch (settlement) {
            case WithdrawalRefused refused -> {
                requireSequence(account.settled, refused, account);
                refusals.add(refused);
            }
            case DebitRefused refused -> {
                requireSequence(account.settled, refused, account);
                debitRefusals.add(refused);
            }
            case CollateralReported report -> {
                requireSequence(account.settled, report, account);
                reports.add(report);
            }
            case UserFrozen frozen -> {
                requireSequence(account.settled, frozen, account);
                frozenUsers.add(frozen);
            }
            case UserClosingRefused refused -> {
                requireSequence(account.settled, refused, account);
                closingRefusals.add(refused);
            }
            case TradesSettled trades -> post(trades, account);
            case TransferSettled transfer -> post(transfer, account);
            case WithdrawalReserved withdrawal -> post(withdrawal, account);
            case DebitTaken debit -> post(debit, account);
        }
    }

    private void post(Settlement settlement, SettledAccount account) {
        requireSequence(account.settled + 1, settlement, account);
        SettlementPosting posting = SettlementPosting.of(settlement);
        account.settled = settlement.sequence();
        pending.add(posting);
    }

    private static void requireSequence(
            long expected, Settlement settlement, SettledAccount account) {
        if (settlement.sequence() != expected) {
            throw new IllegalStateException(
                    "settlement %d of subaccount %s follows %d"
                            .formatted(
                                    settlement.sequence(),
                                    settlement.subaccount(),
                                    account.settled));
        }
    }

    /** What was taken and is not written yet, in the order it came. */
    public List<SettlementPosting> pending() {
        return pending;
    }

    /** The withdrawals that risk refused, taken and not written yet. */
    public List<WithdrawalRefused> refusals() {
        return refusals;
    }

    /** The administrators' debits that risk refused, taken and not written yet. */
    public List<DebitRefused> debitRefusals() {
        return debitRefusals;
    }

    /** Risk's copies of accounts, taken and not yet compared. */
    public List<CollateralReported> reports() {
        return reports;
    }

    /** The users who may leave, taken and not written yet. */
    public List<UserFrozen> frozenUsers() {
        return frozenUsers;
    }

    /** Those who may not, taken and not written yet. */
    public List<UserClosingRefused> closingRefusals() {
        return closingRefusals;
    }

    /** Forgets what was taken, which is written now. */
    public void written() {
        pending.clear();
        refusals.clear();
        debitRefusals.clear();
        reports.clear();
        frozenUsers.clear();
        closingRefusals.clear();
    }

    /** A hash of how far every account is settled; accounts without a settlement don't count. */
    public long stateHash() {
        long hash = 0;
        for (Map.Entry<SubaccountId, SettledAccount> entry : accounts.entrySet()) {
            if (entry.getValue().settled > 0) {
                hash += mix(entry.getKey().value() * 31 + mix(entry.getValue().settled));
            }
        }
        return hash;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private static final class SettledAccount {
        private final UserId user;
        private long settled;

        SettledAccount(UserId user, long settled) {
            this.user = user;
            this.settled = settled;
        }
    }
}
