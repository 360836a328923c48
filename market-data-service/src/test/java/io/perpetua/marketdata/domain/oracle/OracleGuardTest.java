package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OracleGuardTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long NOW = 1_000_000;

    private final OracleGuard guard = new OracleGuard(Price.parse("100"));

    /** BTC-PERP's limits: confidence 2 %, 10 s, 5 % an update; in order of precedence. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # price units, confidence units, age ms, outcome
                    0,             999999999,  99999, NON_POSITIVE
                    -5,            0,          0,     NON_POSITIVE
                    20000000000,   400000001,  99999, UNCERTAIN
                    20000000000,   400000000,  10001, STALE
                    20000000000,   400000000,  10000, JUMP_UNCONFIRMED
                    10500000001,   0,          0,     JUMP_UNCONFIRMED
                    9499999999,    0,          0,     JUMP_UNCONFIRMED
                    10500000000,   0,          0,     BELIEVED
                    9500000000,    210000000,  10000, UNCERTAIN
                    9500000000,    190000000,  10000, BELIEVED
                    """)
    void shouldNameTheFirstRuleBroken(long price, long confidence, long age, String outcome) {
        assertThat(outcome(judge(price, confidence, age))).isEqualTo(outcome);
    }

    @Test
    void shouldBelieveAJumpWhenTheNextSampleConfirmsIt() {
        judge(20_000_000_000L, 0, 0);

        assertThat(outcome(judge(20_500_000_000L, 0, 0))).isEqualTo("BELIEVED");
    }

    @Test
    void shouldForgetAJumpWhenTheNextSampleIsWhereItWas() {
        judge(20_000_000_000L, 0, 0);
        judge(10_000_000_000L, 0, 0);

        assertThat(outcome(judge(20_000_000_000L, 0, 0))).isEqualTo("JUMP_UNCONFIRMED");
    }

    @Test
    void shouldHoldTheNewJumpWhenTheNextSampleJumpsElsewhere() {
        judge(20_000_000_000L, 0, 0);
        judge(30_000_000_000L, 0, 0);

        assertThat(outcome(judge(30_000_000_000L, 0, 0))).isEqualTo("BELIEVED");
    }

    @Test
    void shouldBelieveAnyPriceWhenItIsTheFirst() {
        OracleVerdict verdict =
                new OracleGuard(null).judge(BTC, new OracleSample(7, 0, "test", NOW), NOW);

        assertThat(outcome(verdict)).isEqualTo("BELIEVED");
    }

    private OracleVerdict judge(long price, long confidence, long ageMillis) {
        return guard.judge(BTC, new OracleSample(price, confidence, "test", NOW - ageMillis), NOW);
    }

    private static String outcome(OracleVerdict verdict) {
        return switch (verdict) {
            case OracleVerdict.Believed believed -> "BELIEVED";
            case OracleVerdict.Rejected rejected -> rejected.reason().name();
        };
    }
}
