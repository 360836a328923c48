package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.marketdata.PriceUse;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("ORCL")
class OracleGuardTest {
    private static final List<Market> MARKETS = DemoMarkets.all();
    private static final Market BTC = MARKETS.getFirst();
    private static final Market AVAX = MARKETS.get(3);
    private static final long NOW = 1_000_000;

    private final OracleGuard guard = new OracleGuard(Price.parse("100"));
    private long publishedAtMillis = NOW;

    /**
     * The last valid price is 100, the hour's average 100, the quorum 2. BTC-PERP's limits:
     * confidence 2 %, 5 % an update; AVAX-PERP's, of the lower tier: 4 %, 10 %. In order of
     * precedence.
     */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # market, price units, confidence units, agreeing, outcome
                    BTC,  0,            999999999,   0, NON_POSITIVE
                    BTC,  -5,           0,           2, NON_POSITIVE
                    BTC,  50000000001,  9999999999,  0, VOLATILE
                    BTC,  50000000000,  1000000001,  2, UNCERTAIN
                    BTC,  50000000000,  1000000000,  2, BELIEVED
                    BTC,  1999999999,   0,           2, VOLATILE
                    BTC,  2000000000,   0,           2, BELIEVED
                    BTC,  20000000000,  400000001,   0, UNCERTAIN
                    BTC,  20000000000,  400000000,   0, STALE
                    BTC,  20000000000,  400000000,   1, TOO_FEW_SOURCES
                    BTC,  20000000000,  400000000,   2, BELIEVED
                    BTC,  10000000000,  200000001,   2, tolerated UNCERTAIN
                    BTC,  10500000001,  210000001,   2, UNCERTAIN
                    BTC,  10000000000,  200000001,   1, UNCERTAIN
                    BTC,  10000000000,  200000000,   2, BELIEVED
                    AVAX, 10000000000,  400000000,   2, BELIEVED
                    AVAX, 10000000000,  400000001,   2, tolerated UNCERTAIN
                    """)
    void shouldNameTheFirstRuleBroken(
            String market, long price, long confidence, int agreeing, String outcome) {
        OracleVerdict verdict =
                guard.judge(
                        market.equals("BTC") ? BTC : AVAX,
                        new OracleSample(price, confidence, "test", NOW, 0),
                        agreeing,
                        2,
                        Price.parse("100"));

        assertThat(outcome(verdict)).isEqualTo(outcome);
    }

    /** One source alone, which has to be confirmed: the last valid price is 100. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    BTC,  10500000000, BELIEVED
                    BTC,  10500000001, JUMP_UNCONFIRMED
                    BTC,  9500000000,  BELIEVED
                    BTC,  9499999999,  JUMP_UNCONFIRMED
                    AVAX, 11000000000, BELIEVED
                    AVAX, 11000000001, JUMP_UNCONFIRMED
                    """)
    void shouldHoldAJumpWhenNothingConfirmsIt(String market, long price, String outcome) {
        OracleVerdict verdict =
                guard.judge(
                        market.equals("BTC") ? BTC : AVAX,
                        new OracleSample(price, 0, "test", NOW, 0),
                        1,
                        1,
                        null);

        assertThat(outcome(verdict)).isEqualTo(outcome);
    }

    @Test
    void shouldBelieveAJumpWhenTheNextSampleConfirmsIt() {
        alone(20_000_000_000L);

        assertThat(outcome(alone(20_500_000_000L))).isEqualTo("BELIEVED");
    }

    @Test
    void shouldHoldAJumpStillWhenTheSameSampleIsSeenAgain() {
        OracleSample same = new OracleSample(20_000_000_000L, 0, "test", NOW, 0);
        guard.judge(BTC, same, 1, 1, null);

        assertThat(outcome(guard.judge(BTC, same, 1, 1, null))).isEqualTo("JUMP_UNCONFIRMED");
    }

    @Test
    void shouldBelieveAJumpWhenASecondSourceConfirmsIt() {
        alone(20_000_000_000L);
        OracleSample same = new OracleSample(20_000_000_000L, 0, "test", publishedAtMillis, 0);

        assertThat(outcome(guard.judge(BTC, same, 2, 1, null))).isEqualTo("BELIEVED");
    }

    @Test
    void shouldForgetAJumpWhenTheNextSampleIsWhereItWas() {
        alone(20_000_000_000L);
        alone(10_000_000_000L);

        assertThat(outcome(alone(20_000_000_000L))).isEqualTo("JUMP_UNCONFIRMED");
    }

    @Test
    void shouldHoldTheNewJumpWhenTheNextSampleJumpsElsewhere() {
        alone(20_000_000_000L);
        alone(30_000_000_000L);

        assertThat(outcome(alone(30_000_000_000L))).isEqualTo("BELIEVED");
    }

    @Test
    void shouldBelieveAnyPriceWhenItIsTheFirst() {
        OracleVerdict verdict =
                new OracleGuard(null)
                        .judge(BTC, new OracleSample(7, 0, "test", NOW, 0), 1, 1, null);

        assertThat(outcome(verdict)).isEqualTo("BELIEVED");
    }

    /** Increasing and liquidating need a valid price; triggers and reducing tolerate some doubt. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            textBlock =
                    """
                    none,             INCREASE_RISK LIQUIDATE TRIGGER REDUCE
                    NON_POSITIVE,     ''
                    VOLATILE,         ''
                    UNCERTAIN,        TRIGGER REDUCE
                    STALE,            ''
                    TOO_FEW_SOURCES,  ''
                    JUMP_UNCONFIRMED, TRIGGER REDUCE
                    """)
    void shouldPermitByUse(@Nullable PriceFault fault, String uses) {
        String permitted =
                Arrays.stream(PriceUse.values())
                        .filter(use -> fault == null || fault.permits(use))
                        .map(Enum::name)
                        .collect(Collectors.joining(" "));

        assertThat(permitted).isEqualTo(uses);
    }

    private OracleVerdict alone(long price) {
        publishedAtMillis++;
        return guard.judge(
                BTC, new OracleSample(price, 0, "test", publishedAtMillis, 0), 1, 1, null);
    }

    private static String outcome(OracleVerdict verdict) {
        return switch (verdict) {
            case OracleVerdict.Believed believed -> "BELIEVED";
            case OracleVerdict.Tolerated tolerated -> "tolerated " + tolerated.fault().name();
            case OracleVerdict.Rejected rejected -> rejected.fault().name();
        };
    }
}
