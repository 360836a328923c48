package io.perpetua.accounts.domain.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_METHOD)
class LedgerPropertyTest {
    private static final int ACCOUNTS = 20;

    private final long seed = Long.getLong("perpetua.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldSumToZeroWhateverIsPosted() {
        Map<HouseAccount, Usd> house = new HashMap<>();
        Map<SubaccountId, Usd> customers = new HashMap<>();
        Map<SubaccountId, Usd> expected = new HashMap<>();
        SettlementJournal journal = newJournal();
        long[] sequences = new long[ACCOUNTS];
        for (int i = 0; i < 10_000; i++) {
            int account = random.nextInt(ACCOUNTS);
            TradesSettled settled = settlement(account, ++sequences[account]);
            journal.take(settled);
            expected.merge(
                    settled.subaccount(), settled.realised().minus(settled.fee()), Usd::plus);
        }
        for (SettlementPosting posting : journal.pending()) {
            LedgerTransaction transaction = posting.transaction();
            customers.merge(posting.settlement().subaccount(), transaction.amount(), Usd::plus);
            for (HousePosting counter : transaction.house()) {
                assertThat(counter.amount()).isNotEqualTo(Usd.ZERO);
                house.merge(counter.account(), counter.amount(), Usd::plus);
            }
        }

        assertThat(customers).as("seed %d", seed).isEqualTo(expected);
        assertThat(sum(customers).plus(sum(house))).as("seed %d", seed).isEqualTo(Usd.ZERO);
    }

    @Test
    void shouldCreditTheCustomerWithRealisedLessFee() {
        for (int i = 0; i < 1_000; i++) {
            TradesSettled settled = settlement(0, 1);

            LedgerTransaction transaction = SettlementPosting.of(settled).transaction();

            Map<HouseAccount, Usd> house = new HashMap<>();
            transaction.house().forEach(p -> house.put(p.account(), p.amount()));
            assertThat(transaction.amount()).isEqualTo(settled.realised().minus(settled.fee()));
            assertThat(house.getOrDefault(HouseAccount.clearing(settled.market()), Usd.ZERO))
                    .isEqualTo(settled.realised().negated());
            assertThat(house.getOrDefault(HouseAccount.FEES, Usd.ZERO)).isEqualTo(settled.fee());
        }
    }

    @Test
    void shouldTakeEachSettlementOnceAndInOrder() {
        SettlementJournal journal = newJournal();
        journal.take(settlement(0, 1));

        assertThatThrownBy(() -> journal.take(settlement(0, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("settlement 1 of subaccount 1 follows 1");
        assertThatThrownBy(() -> journal.take(settlement(0, 3)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> journal.take(settlement(ACCOUNTS, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no account");
        assertThat(journal.pending()).hasSize(1);
    }

    @Test
    void shouldTakeWhatMovesNothingBehindTheSettlementThatItNames() {
        SettlementJournal journal = newJournal();
        journal.take(settlement(0, 1));
        WithdrawalId id = new WithdrawalId(9);
        UserId user = new UserId(1);
        SubaccountId subaccount = new SubaccountId(1);
        WithdrawalRefused refused =
                new WithdrawalRefused(
                        user,
                        subaccount,
                        1,
                        id,
                        WithdrawalRefusal.WITHDRAWABLE_EXCEEDED,
                        Usd.ZERO,
                        0);
        WithdrawalReserved reserved =
                new WithdrawalReserved(user, subaccount, 2, id, new Usd(7), 0);
        CollateralReported early =
                new CollateralReported(user, subaccount, 2, 0, Usd.ZERO, 1, 0, 0);

        journal.take(refused);
        assertThatThrownBy(() -> journal.take(early)).isInstanceOf(IllegalStateException.class);
        journal.take(reserved);
        journal.take(early);
        assertThatThrownBy(() -> journal.take(refused)).isInstanceOf(IllegalStateException.class);

        assertThat(journal.pending()).hasSize(2);
        assertThat(journal.refusals()).containsExactly(refused);
        assertThat(journal.reports()).containsExactly(early);
        journal.written();
        assertThat(journal.refusals()).isEmpty();
        assertThat(journal.reports()).isEmpty();
    }

    @Test
    void shouldTakeAWithdrawalToInFlightAndFromThereToTheCustodianOrBack() {
        Usd amount = new Usd(1 + random.nextLong(1_000_000_000L));
        LedgerTransaction out = LedgerTransaction.withdrawal(Asset.USDC, amount);
        LedgerTransaction arrived = LedgerTransaction.withdrawalConfirmed(Asset.USDC, amount);
        LedgerTransaction back = LedgerTransaction.withdrawalReturned(Asset.USDC, amount);

        assertThat(out.amount()).isEqualTo(amount.negated());
        assertThat(out.house())
                .containsExactly(new HousePosting(HouseAccount.WITHDRAWALS_IN_FLIGHT, amount));
        assertThat(arrived.amount()).isEqualTo(Usd.ZERO);
        assertThat(arrived.house())
                .containsExactly(
                        new HousePosting(HouseAccount.CUSTODY, amount),
                        new HousePosting(HouseAccount.WITHDRAWALS_IN_FLIGHT, amount.negated()));
        assertThat(back.amount()).isEqualTo(amount);
        assertThat(back.house())
                .containsExactly(
                        new HousePosting(HouseAccount.WITHDRAWALS_IN_FLIGHT, amount.negated()));
    }

    @Test
    void shouldHashAlikeWhenSettledAlike() {
        SettlementJournal one = newJournal();
        SettlementJournal other = new SettlementJournal();
        one.take(settlement(3, 1));
        one.take(settlement(3, 2));
        long before = one.stateHash();
        one.take(settlement(4, 1));
        other.know(new SubaccountId(4), new UserId(4), 2);
        assertThat(other.stateHash()).isEqualTo(before);

        other.know(new SubaccountId(5), new UserId(5), 1);
        assertThat(other.stateHash()).isEqualTo(one.stateHash());
    }

    @Test
    void shouldRefuseADepositThatIsNotPositiveAndAPostingTwice() {
        for (Usd none : List.of(Usd.ZERO, new Usd(-1))) {
            assertThatThrownBy(() -> LedgerTransaction.withdrawal(Asset.USDC, none))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> LedgerTransaction.withdrawalConfirmed(Asset.USDC, none))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> LedgerTransaction.withdrawalReturned(Asset.USDC, none))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LedgerTransaction.deposit(Asset.USDC, Usd.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LedgerTransaction.deposit(Asset.USDC, new Usd(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        HousePosting fee = new HousePosting(HouseAccount.FEES, new Usd(1));
        assertThatThrownBy(
                        () ->
                                new LedgerTransaction(
                                        LedgerTransaction.TransactionKind.DEPOSIT,
                                        Asset.USDC,
                                        List.of(fee, fee)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldThrowWhenASumLeavesItsRange() {
        TradesSettled huge =
                new TradesSettled(
                        new UserId(1),
                        new SubaccountId(1),
                        new MarketId(1),
                        1,
                        new TradeId(1),
                        new TradeId(1),
                        1,
                        Usd.ZERO,
                        new Usd(Long.MAX_VALUE),
                        new Usd(-1),
                        0);

        assertThatThrownBy(() -> SettlementPosting.of(huge).transaction().amount())
                .isInstanceOf(ArithmeticException.class);
    }

    private SettlementJournal newJournal() {
        SettlementJournal journal = new SettlementJournal();
        for (int i = 0; i < ACCOUNTS; i++) {
            journal.know(new SubaccountId(i + 1), new UserId(i + 1), 0);
        }
        return journal;
    }

    private TradesSettled settlement(int account, long sequence) {
        return new TradesSettled(
                new UserId(account + 1),
                new SubaccountId(account + 1),
                new MarketId(1 + random.nextInt(5)),
                sequence,
                new TradeId(1 + random.nextInt(1000)),
                new TradeId(1001),
                1 + random.nextInt(9),
                new Usd(random.nextLong(1_000_000_000L)),
                random.nextInt(4) == 0 ? Usd.ZERO : amount(),
                random.nextInt(8) == 0 ? Usd.ZERO : amount(),
                random.nextLong(1L << 40));
    }

    private Usd amount() {
        return new Usd(random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L));
    }

    private static Usd sum(Map<?, Usd> amounts) {
        return amounts.values().stream().reduce(Usd.ZERO, Usd::plus);
    }
}
