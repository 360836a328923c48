package io.perpetua.contracts.marketdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarketTest {
    @Test
    void shouldTakeTiersWhoseRatesRiseOrStay() {
        List<MarginTier> tiers =
                List.of(
                        tier(0, "0.02", "0.01"),
                        tier(100, "0.02", "0.01"),
                        tier(200, "0.020000001", "0.010000001"));

        assertThat(market(tiers).tiers()).isEqualTo(tiers);
    }

    @Test
    void shouldRefuseTiersThatLeaveMarginUndefined() {
        assertThatThrownBy(() -> market(List.of())).hasMessageContaining("start at");
        assertThatThrownBy(() -> market(List.of(tier(1, "0.02", "0.01"))))
                .hasMessageContaining("start at");
        assertThatThrownBy(() -> market(List.of(tier(0, "0.02", "0.01"), tier(0, "0.03", "0.02"))))
                .hasMessageContaining("ascend");
    }

    @Test
    void shouldRefuseTiersWhenARateFalls() {
        assertThatThrownBy(
                        () ->
                                market(
                                        List.of(
                                                tier(0, "0.02", "0.01"),
                                                tier(100, "0.019999999", "0.01"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fall");
        assertThatThrownBy(
                        () ->
                                market(
                                        List.of(
                                                tier(0, "0.02", "0.01"),
                                                tier(100, "0.02", "0.009999999"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fall");
    }

    private static MarginTier tier(long dollars, String initial, String maintenance) {
        return new MarginTier(Usd.ofDollars(dollars), Rate.parse(initial), Rate.parse(maintenance));
    }

    private static Market market(List<MarginTier> tiers) {
        return new Market(
                new MarketId(1),
                "BTC-PERP",
                "BTC",
                "USD",
                MarketStatus.ACTIVE,
                1,
                20,
                tiers,
                Rate.parse("0.01"),
                Rate.parse("0.0005"),
                Rate.parse("-0.0001"),
                Price.parse("0.5"),
                Quantity.parse("0.0001"),
                Quantity.parse("0.0001"),
                Quantity.parse("100"),
                Quantity.parse("10000"),
                Rate.parse("0.05"),
                Rate.parse("0.1"),
                Usd.ofDollars(10_000),
                Rate.parse("0.1"),
                10_000,
                3_600_000,
                Rate.parse("0.04"),
                Rate.parse("0.1"),
                "simulated:BTC");
    }
}
