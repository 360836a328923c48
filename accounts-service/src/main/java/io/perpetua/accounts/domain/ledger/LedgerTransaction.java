package io.perpetua.accounts.domain.ledger;

import io.perpetua.contracts.value.Usd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One movement of one customer account against house accounts in one asset. It always sums to zero:
 * the customer's amount is not given but follows from the house's. A movement between two customers
 * is two of these over a house account; an exchange of assets likewise.
 *
 * @param kind what it was for
 * @param asset of all its postings
 * @param house the counter-postings: each account once, in order of name, none of them zero
 */
public record LedgerTransaction(TransactionKind kind, Asset asset, List<HousePosting> house) {
    /** The most counter-postings a transaction has; the database's balance check counts on it. */
    public static final int MOST_HOUSE_POSTINGS = 4;

    /** What a transaction is for. */
    public enum TransactionKind {
        /** The custodian received money for the customer. */
        DEPOSIT,
        /** Realised profit and fees of fills. */
        TRADES_SETTLED,
        /** One side of a transfer between two subaccounts of a user. */
        TRANSFER,
        /** A withdrawal left the account; it is in flight. */
        WITHDRAWAL,
        /** A withdrawal has arrived; of the account itself nothing moves any more. */
        WITHDRAWAL_CONFIRMED,
        /** A withdrawal could not be sent and is back on the account. */
        WITHDRAWAL_RETURNED,
        /** Administrators credited the account by hand. */
        ADJUSTMENT_CREDIT,
        /** Administrators debited the account by hand. */
        ADJUSTMENT_DEBIT
    }

    /** Leaves zero postings out and sorts the others. */
    public LedgerTransaction {
        List<HousePosting> sorted = new ArrayList<>(house);
        sorted.removeIf(posting -> posting.amount().signum() == 0);
        sorted.sort(Comparator.comparing(HousePosting::account));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).account().equals(sorted.get(i - 1).account())) {
                throw new IllegalArgumentException("an account is posted to once a transaction");
            }
        }
        if (sorted.size() > MOST_HOUSE_POSTINGS) {
            throw new IllegalArgumentException("too many counter-postings");
        }
        house = List.copyOf(sorted);
    }

    /** Money received for a customer. */
    public static LedgerTransaction deposit(Asset asset, Usd amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("a deposit is positive");
        }
        return new LedgerTransaction(
                TransactionKind.DEPOSIT,
                asset,
                List.of(new HousePosting(HouseAccount.CUSTODY, amount.negated())));
    }

    /** {@code customer -= amount; withdrawals-in-flight += amount}. */
    public static LedgerTransaction withdrawal(Asset asset, Usd amount) {
        return new LedgerTransaction(
                TransactionKind.WITHDRAWAL,
                asset,
                List.of(new HousePosting(HouseAccount.WITHDRAWALS_IN_FLIGHT, withdrawn(amount))));
    }

    /** {@code withdrawals-in-flight -= amount; custody += amount}. */
    public static LedgerTransaction withdrawalConfirmed(Asset asset, Usd amount) {
        return new LedgerTransaction(
                TransactionKind.WITHDRAWAL_CONFIRMED,
                asset,
                List.of(
                        new HousePosting(
                                HouseAccount.WITHDRAWALS_IN_FLIGHT, withdrawn(amount).negated()),
                        new HousePosting(HouseAccount.CUSTODY, amount)));
    }

    /** {@code withdrawals-in-flight -= amount; customer += amount}. */
    public static LedgerTransaction withdrawalReturned(Asset asset, Usd amount) {
        return new LedgerTransaction(
                TransactionKind.WITHDRAWAL_RETURNED,
                asset,
                List.of(
                        new HousePosting(
                                HouseAccount.WITHDRAWALS_IN_FLIGHT, withdrawn(amount).negated())));
    }

    /** {@code customer -= amount; transfers += amount}. */
    public static LedgerTransaction transferOut(Asset asset, Usd amount) {
        return transfer(asset, transferred(amount));
    }

    /** {@code transfers -= amount; customer += amount}. */
    public static LedgerTransaction transferIn(Asset asset, Usd amount) {
        return transfer(asset, transferred(amount).negated());
    }

    private static LedgerTransaction transfer(Asset asset, Usd house) {
        return new LedgerTransaction(
                TransactionKind.TRANSFER,
                asset,
                List.of(new HousePosting(HouseAccount.TRANSFERS, house)));
    }

    /** {@code adjustments -= amount; customer += amount}. */
    public static LedgerTransaction adjustmentCredit(Asset asset, Usd amount) {
        return new LedgerTransaction(
                TransactionKind.ADJUSTMENT_CREDIT,
                asset,
                List.of(new HousePosting(HouseAccount.ADJUSTMENTS, adjusted(amount).negated())));
    }

    /** {@code customer -= amount; adjustments += amount}. */
    public static LedgerTransaction adjustmentDebit(Asset asset, Usd amount) {
        return new LedgerTransaction(
                TransactionKind.ADJUSTMENT_DEBIT,
                asset,
                List.of(new HousePosting(HouseAccount.ADJUSTMENTS, adjusted(amount))));
    }

    private static Usd adjusted(Usd amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("an adjustment is positive");
        }
        return amount;
    }

    private static Usd transferred(Usd amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("a transfer is positive");
        }
        return amount;
    }

    private static Usd withdrawn(Usd amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("a withdrawal is positive");
        }
        return amount;
    }

    /** The customer's amount: what makes the sum zero. */
    public Usd amount() {
        Usd sum = Usd.ZERO;
        for (HousePosting posting : house) {
            sum = sum.plus(posting.amount());
        }
        return sum.negated();
    }
}
