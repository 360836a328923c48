package io.perpetua.risk.domain.margin;

import static io.perpetua.risk.domain.Fixtures.tiers;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.RoundingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MarginTiersTest {
    private static final MarginTiers BTC = tiers("0 0.025 0.0125", "150000000 0.05 0.025");

    @Test
    @Tag("MRGN-10")
    void shouldBeContinuousAtTheBoundOfATier() {
        assertThat(BTC.maintenance(usd("149999999.999999"), RoundingMode.UP))
                .isEqualTo(usd("1875000"));
        assertThat(BTC.maintenance(usd("150000000"), RoundingMode.UP)).isEqualTo(usd("1875000"));
        assertThat(BTC.maintenance(usd("200000000"), RoundingMode.UP)).isEqualTo(usd("3125000"));
    }

    @Test
    void shouldBoundLeverageByTheTier() {
        assertThat(BTC.initial(usd("100000000"), 10)).isEqualTo(usd("10000000"));
        assertThat(BTC.initial(usd("100000000"), 100)).isEqualTo(usd("2500000"));
        assertThat(BTC.initial(usd("150000000"), 100)).isEqualTo(usd("7500000"));
    }

    @Test
    void shouldRoundUpWhatIsOwed() {
        assertThat(BTC.initial(usd("0.000001"), 10)).isEqualTo(usd("0.000001"));
        assertThat(BTC.maintenance(usd("0.000001"), RoundingMode.UP)).isEqualTo(usd("0.000001"));
    }

    @Test
    void shouldRefuseRatesThatFall() {
        assertThatThrownBy(() -> tiers("0 0.1 0.05", "1000 0.1 0.04"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
