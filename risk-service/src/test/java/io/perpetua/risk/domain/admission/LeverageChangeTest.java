package io.perpetua.risk.domain.admission;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.Fixtures;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.margin.Account;
import org.junit.jupiter.api.Test;

class LeverageChangeTest {
    private static final long NOW = 100_000;
    private static final LeverageChange CHANGED = new LeverageChange.Changed();

    private final Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Venue venue = new Venue().list(market(BTC)).mark(BTC, "100", NOW);

    private LeverageChange decide(MarketId market, int leverage) {
        ChangeLeverage command =
                new ChangeLeverage(
                        Orders.nextId(), Orders.USER, Orders.SUBACCOUNT, market, leverage, 0, null);
        return LeverageChange.decide(command, account, venue, venue, NOW);
    }

    private static LeverageChange refused(Refusal refusal) {
        return new LeverageChange.Refused(refusal);
    }

    @Test
    void shouldNeedNothingWithoutAPosition() {
        assertThat(decide(BTC, 1)).isEqualTo(CHANGED);
        assertThat(decide(BTC, 20)).isEqualTo(CHANGED);
    }

    @Test
    void shouldRefuseWhatTheMarketDoesNotAllow() {
        assertThat(decide(BTC, 21)).isEqualTo(refused(Refusal.LEVERAGE_TOO_HIGH));
        assertThat(decide(ETH, 2)).isEqualTo(refused(Refusal.MARKET_UNKNOWN));
    }

    @Test
    void shouldRefuseTheSubaccountOfAnother() {
        ChangeLeverage command =
                new ChangeLeverage(
                        Orders.nextId(), new UserId(32), Orders.SUBACCOUNT, BTC, 2, 0, null);

        assertThat(LeverageChange.decide(command, account, venue, venue, NOW))
                .isEqualTo(refused(Refusal.SUBACCOUNT_UNKNOWN));
    }

    @Test
    void shouldRefuseALeverageThatTheCollateralDoesNotCover() {
        account.credit(usd("200"), 1);
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));

        assertThat(decide(BTC, 4)).isEqualTo(refused(Refusal.MARGIN_INSUFFICIENT));
        assertThat(decide(BTC, 5)).isEqualTo(CHANGED);
    }

    @Test
    void shouldNeedAFreshMarkToAskForMoreMargin() {
        account.credit(usd("1000"), 1);
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));
        venue.mark(BTC, "100", NOW - Fixtures.STALE_AFTER_MILLIS - 1);

        assertThat(decide(BTC, 5)).isEqualTo(refused(Refusal.MARK_PRICE_UNAVAILABLE));
        assertThat(decide(BTC, 20)).isEqualTo(CHANGED);
    }
}
