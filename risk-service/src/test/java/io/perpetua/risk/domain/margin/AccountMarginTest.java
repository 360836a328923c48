package io.perpetua.risk.domain.margin;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import org.junit.jupiter.api.Test;

class AccountMarginTest {
    private final Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Venue venue = new Venue().list(market(BTC)).list(market(ETH));

    private AccountMargin margin() {
        return AccountMargin.of(account, venue, venue);
    }

    @Test
    void shouldSumOverMarkets() {
        account.credit(usd("1000"), 1);
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));
        account.holdingIn(ETH).apply(Orders.opening(ETH, "50", "-20"));
        venue.mark(BTC, "110", 0).mark(ETH, "52", 0);

        AccountMargin margin = margin();

        assertThat(margin.unrealised()).isEqualTo(usd("60"));
        assertThat(margin.equity()).isEqualTo(usd("1060"));
        assertThat(margin.notional()).isEqualTo(usd("2140"));
        assertThat(margin.initial()).isEqualTo(usd("214"));
        assertThat(margin.maintenance()).isEqualTo(usd("64.2"));
        assertThat(margin.health()).isEqualByComparingTo("16.510903426");
        assertThat(margin.marginRatio()).isEqualByComparingTo("0.495327102");
        assertThat(margin.isBelowMaintenance()).isFalse();
    }

    @Test
    void shouldNotPayOutProfitNotYetRealised() {
        account.credit(usd("1000"), 1);
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));
        venue.mark(BTC, "200", 0);

        assertThat(margin().equity()).isEqualTo(usd("2000"));
        assertThat(margin().withdrawable()).isEqualTo(usd("800"));
    }

    @Test
    void shouldKeepATenthOfTheNotional() {
        account.credit(usd("1000"), 1);
        account.holdingIn(BTC).chooseLeverage(20);
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));
        venue.mark(BTC, "90", 0);

        // 900 of equity less 90, not less 45 of initial margin
        assertThat(margin().withdrawable()).isEqualTo(usd("810"));
    }

    @Test
    void shouldBeLiquidatedBelowMaintenance() {
        account.credit(usd("30"), 1);
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));

        venue.mark(BTC, "100", 0);
        assertThat(margin().isBelowMaintenance()).isFalse();
        venue.mark(BTC, "99.99", 0);
        assertThat(margin().isBelowMaintenance()).isTrue();
    }

    @Test
    void shouldBeUnknownWithoutAMark() {
        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "10"));

        assertThat(margin()).isNull();
    }
}
