package io.perpetua.risk.domain.admission;

import static io.perpetua.contracts.orders.Side.BUY;
import static io.perpetua.contracts.orders.Side.SELL;
import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.tierRows;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.Fixtures;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.OpenOrder;
import org.junit.jupiter.api.Test;

class AmendAdmissionTest {
    private static final long NOW = 100_000;

    private final Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Venue venue =
            new Venue()
                    .list(market(BTC, MarketStatus.ACTIVE, 1, tierRows("0 0.05 0.03"), "0", "0"))
                    .mark(BTC, "100", NOW);

    private OpenOrder open(PlaceOrder command) {
        OrderAdmission decision = OrderAdmission.decide(command, account, null, venue, venue, NOW);
        OpenOrder order = ((OrderAdmission.Admitted) decision).order();
        account.holdingIn(BTC).put(order);
        return order;
    }

    private AmendAdmission decide(OrderId id, String price, String size) {
        AmendOrder command = Orders.amend(BTC, id, price, size);
        AmendAdmission decision = AmendAdmission.decide(command, id, account, venue, venue, NOW);
        if (decision instanceof AmendAdmission.Admitted admitted) {
            account.holdingIn(BTC).put(admitted.order());
        }
        return decision;
    }

    private Usd holds() {
        return AccountMargin.of(account, venue, venue).holds();
    }

    private static AmendAdmission refused(Refusal refusal) {
        return new AmendAdmission.Refused(refusal);
    }

    @Test
    void shouldHoldTheLargerVersionUntilMatchingNamesOne() {
        // Given
        account.credit(usd("1000"), 1);
        OrderId id = open(Orders.limit(BTC, BUY, "100", "10")).id();
        assertThat(holds()).isEqualTo(usd("100"));

        // When
        decide(id, null, "30");
        assertThat(holds()).isEqualTo(usd("300"));
        decide(id, null, "5");

        // Then: 10, 30 and 5 may each survive
        assertThat(holds()).isEqualTo(usd("300"));
        OpenOrder both = account.holdingIn(BTC).order(id);
        OpenOrder first = both.amended(price("100"), size("30"), size("30"));
        assertThat(first.worstRemaining()).isEqualTo(size("30"));
        OpenOrder second = first.amended(price("100"), size("5"), size("5"));
        assertThat(second.worstRemaining()).isEqualTo(size("5"));
        assertThat(second.amendments()).isEmpty();
    }

    @Test
    void shouldReleaseWhatMatchingRefuses() {
        account.credit(usd("1000"), 1);
        OrderId id = open(Orders.limit(BTC, BUY, "100", "10")).id();
        AmendOrder command = Orders.amend(BTC, id, null, "30");
        AmendAdmission.Admitted admitted =
                (AmendAdmission.Admitted)
                        AmendAdmission.decide(command, id, account, venue, venue, NOW);

        OpenOrder left = admitted.order().withoutAmendment(command.commandId());

        assertThat(left.worstRemaining()).isEqualTo(size("10"));
    }

    @Test
    void shouldRefuseWhatTheCollateralDoesNotCover() {
        account.credit(usd("150"), 1);
        OrderId id = open(Orders.limit(BTC, BUY, "100", "10")).id();

        assertThat(decide(id, null, "16")).isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
        assertThat(decide(id, "106", null)).isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
        assertThat(decide(id, null, "15")).isInstanceOf(AmendAdmission.Admitted.class);
    }

    @Test
    void shouldAlwaysAdmitASmallerSize() {
        account.credit(usd("100"), 1);
        OrderId id = open(Orders.limit(BTC, BUY, "100", "10")).id();
        venue.mark(BTC, "120", NOW - Fixtures.STALE_AFTER_MILLIS - 1);

        assertThat(decide(id, null, "4")).isInstanceOf(AmendAdmission.Admitted.class);
        assertThat(decide(id, "101", null)).isEqualTo(refused(Refusal.MARK_PRICE_UNAVAILABLE));
    }

    @Test
    void shouldRefuseByTheRulesOfTheMarket() {
        account.credit(usd("1000"), 1);
        OrderId id = open(Orders.limit(BTC, SELL, "100", "10")).id();
        OpenOrder order = account.holdingIn(BTC).order(id);
        account.holdingIn(BTC).put(order.afterFill(size("6"), size("4")));

        assertThat(decide(id, "100.05", null)).isEqualTo(refused(Refusal.PRICE_OFF_TICK));
        assertThat(decide(id, null, "7.0005")).isEqualTo(refused(Refusal.SIZE_OFF_STEP));
        assertThat(decide(id, null, "6")).isEqualTo(refused(Refusal.SIZE_BELOW_FILLED));
        assertThat(decide(id, "150", null)).isEqualTo(refused(Refusal.PRICE_OUT_OF_BAND));
    }

    @Test
    void shouldRefuseWhenManyAmendmentsAreUnderWay() {
        account.credit(usd("1000"), 1);
        OrderId id = open(Orders.limit(BTC, BUY, "100", "10")).id();
        for (int i = 0; i < AmendAdmission.MOST_AMENDMENTS; i++) {
            assertThat(decide(id, null, "9")).isInstanceOf(AmendAdmission.Admitted.class);
        }

        assertThat(decide(id, null, "8")).isEqualTo(refused(Refusal.TOO_MANY_AMENDMENTS));

        OpenOrder order = account.holdingIn(BTC).order(id);
        account.holdingIn(BTC).put(order.amended(price("100"), size("9"), size("9")));
        assertThat(decide(id, null, "8")).isInstanceOf(AmendAdmission.Admitted.class);
    }

    @Test
    void shouldLeaveItToMatchingWhenNothingIsHeld() {
        assertThat(decide(Orders.nextId(), "100", null)).isEqualTo(new AmendAdmission.NotOpen());
    }

    @Test
    void shouldCountWhatHasFilledOnce() {
        account.credit(usd("1000"), 1);
        OrderId id = open(Orders.limit(BTC, BUY, "100", "10")).id();
        decide(id, null, "12");

        OpenOrder order = account.holdingIn(BTC).order(id).afterFill(size("10"), Quantity.ZERO);

        assertThat(order.worstRemaining()).isEqualTo(size("2"));
    }
}
