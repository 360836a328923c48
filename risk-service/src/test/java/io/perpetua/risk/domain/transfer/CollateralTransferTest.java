package io.perpetua.risk.domain.transfer;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.STALE_AFTER_MILLIS;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.contracts.risk.TransferRefusal;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.margin.Account;
import org.junit.jupiter.api.Test;

class CollateralTransferTest {
    private static final long NOW = 100_000;

    private final Account from = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Account to = new Account(Orders.USER, new SubaccountId(77));
    private final Venue venue = new Venue().list(market(BTC)).mark(BTC, "100", NOW);

    private static TransferCollateral command(String amount) {
        return new TransferCollateral(
                Orders.nextId(),
                Orders.USER,
                Orders.SUBACCOUNT,
                new SubaccountId(77),
                usd(amount),
                "t1",
                0,
                null);
    }

    private CollateralTransfer decide(Account payer, Account payee, String amount) {
        return CollateralTransfer.decide(command(amount), payer, payee, null, venue, venue, NOW);
    }

    private static CollateralTransfer refused(TransferRefusal refusal, String withdrawable) {
        return new CollateralTransfer.Refused(refusal, usd(withdrawable));
    }

    @Test
    void shouldMoveAllOfAnIdleAccountAndNoMore() {
        from.credit(usd("100"), 1);

        assertThat(decide(from, to, "100")).isEqualTo(new CollateralTransfer.Moved(from, to));
        assertThat(decide(from, to, "100.000001"))
                .isEqualTo(refused(TransferRefusal.WITHDRAWABLE_EXCEEDED, "100"));
    }

    @Test
    void shouldKeepMarginAndUnrealisedProfitWhenAPositionIsOpen() {
        from.credit(usd("500"), 1);
        from.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));
        venue.mark(BTC, "110", NOW);

        // notional 1,100; kept: max(110 initial, 110 a tenth); the profit of 100 stays
        assertThat(decide(from, to, "390")).isEqualTo(new CollateralTransfer.Moved(from, to));
        assertThat(decide(from, to, "390.000001"))
                .isEqualTo(refused(TransferRefusal.WITHDRAWABLE_EXCEEDED, "390"));
    }

    @Test
    void shouldCountAnUnrealisedLoss() {
        from.credit(usd("500"), 1);
        from.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));
        venue.mark(BTC, "90", NOW);

        // equity 400; kept: 90
        assertThat(decide(from, to, "310")).isEqualTo(new CollateralTransfer.Moved(from, to));
        assertThat(decide(from, to, "310.000001"))
                .isEqualTo(refused(TransferRefusal.WITHDRAWABLE_EXCEEDED, "310"));
    }

    @Test
    void shouldRefuseAnythingButAnAmount() {
        from.credit(usd("100"), 1);

        assertThat(decide(from, to, "0"))
                .isEqualTo(refused(TransferRefusal.WITHDRAWABLE_EXCEEDED, "100"));
        assertThat(decide(from, to, "-1"))
                .isEqualTo(refused(TransferRefusal.WITHDRAWABLE_EXCEEDED, "100"));
    }

    @Test
    void shouldRefuseAccountsThatAreNotTheUsersOrAreTheSame() {
        from.credit(usd("100"), 1);
        Account stranger = new Account(new UserId(32), new SubaccountId(77));
        CollateralTransfer unknown =
                new CollateralTransfer.Refused(TransferRefusal.SUBACCOUNT_UNKNOWN, null);

        assertThat(decide(from, stranger, "1")).isEqualTo(unknown);
        assertThat(decide(stranger, to, "1")).isEqualTo(unknown);
        assertThat(decide(from, null, "1")).isEqualTo(unknown);
        assertThat(decide(null, to, "1")).isEqualTo(unknown);
        assertThat(decide(from, from, "1")).isEqualTo(unknown);
    }

    @Test
    void shouldNeedFreshMarksOnlyWhereSomethingIsOpen() {
        from.credit(usd("500"), 1);
        venue.mark(BTC, "100", NOW - STALE_AFTER_MILLIS - 1);
        assertThat(decide(from, to, "1")).isEqualTo(new CollateralTransfer.Moved(from, to));

        from.holdingIn(BTC).apply(Orders.opening(BTC, "100", "1"));
        assertThat(decide(from, to, "1"))
                .isEqualTo(
                        new CollateralTransfer.Refused(
                                TransferRefusal.MARK_PRICE_UNAVAILABLE, null));
    }

    @Test
    void shouldAnswerARepeatWithTheFirstAndRefuseOtherContentUnderItsId() {
        TransferCollateral first = command("5");
        Request seen = new Request(first.commandId(), first.contentHash());

        assertThat(CollateralTransfer.decide(command("5"), from, to, seen, venue, venue, NOW))
                .isEqualTo(new CollateralTransfer.Repeated(first.commandId()));
        assertThat(CollateralTransfer.decide(command("6"), from, to, seen, venue, venue, NOW))
                .isEqualTo(
                        new CollateralTransfer.Refused(TransferRefusal.TRANSFER_ID_REUSED, null));
    }
}
