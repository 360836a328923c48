package io.perpetua.contracts.marketdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.MarketId;
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
        return ExampleMarket.of(new MarketId(1), 1, tiers);
    }
}
