package io.perpetua.marketdata.domain.funding;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.funding.FundingClock.Impact;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FundingClockTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long HOUR = 3_600_000;
    private static final long START = 480_000 * HOUR;
    private static final Price ORACLE = Price.parse("10000");
    private static final Impact ONE_PERCENT_ABOVE = new Impact(Price.parse("10100"), null);
    private static final Impact AT_INDEX = new Impact(Price.parse("9999"), Price.parse("10001"));

    private FundingClock clock = new FundingClock(FundingClock.State.EMPTY);
    private Market market = BTC;
    private @Nullable FundingOverride override;
    private final List<FundingRateSet> rates = new ArrayList<>();

    @Test
    void shouldSetTheRateOfTheMeanPremiumWhenTheHourEnds() {
        run(START, START + HOUR / 2, ONE_PERCENT_ABOVE);
        assertThat(clock.predicted(BTC, override)).hasToString("0.0011875");
        run(START + HOUR / 2, START + HOUR, AT_INDEX);
        assertThat(rates).isEmpty();

        run(START + HOUR, START + HOUR + 200, AT_INDEX);

        // P 0.5 %, F8h 0.45 %, an hour 0.05625 %
        assertThat(rates)
                .containsExactly(
                        new FundingRateSet(
                                BTC.id(),
                                1,
                                FundingKind.AUTOMATIC,
                                Rate.parse("0.0005625"),
                                Rate.parse("0.005"),
                                ORACLE,
                                ORACLE,
                                START + HOUR,
                                START + HOUR));
        assertThat(clock.predicted(BTC, override)).hasToString("0.0000125");
    }

    @Test
    void shouldSetTheRateWithTheNextValidIndexWhenThereIsNoneAtTheEnd() {
        run(START, START + HOUR - 60_000, ONE_PERCENT_ABOVE);

        run(START + HOUR + 300_000, START + HOUR + 300_200, AT_INDEX);

        assertThat(rates).hasSize(1);
        assertThat(rates.getFirst().rate()).hasToString("0.0011875");
        assertThat(rates.getFirst().intervalEndMillis()).isEqualTo(START + HOUR);
        assertThat(rates.getFirst().atMillis()).isEqualTo(START + HOUR + 300_000);
    }

    @Test
    void shouldSetNoRateWhenItIsLateByAnInterval() {
        run(START, START + HOUR / 2, ONE_PERCENT_ABOVE);

        run(START + 2 * HOUR, START + 2 * HOUR + 200, AT_INDEX);

        assertThat(rates).isEmpty();
    }

    @Test
    void shouldEndTheRunningIntervalSoonerWhenTheMarketMakesItShorter() {
        Market shorter = OtherInterval.of(BTC, 60_000);
        run(START, START + 10_000, ONE_PERCENT_ABOVE);

        assertThat(clock.advance(shorter, ORACLE, ORACLE, ONE_PERCENT_ABOVE, null, START + 59_900))
                .isNull();
        FundingRateSet rate =
                clock.advance(shorter, ORACLE, ORACLE, ONE_PERCENT_ABOVE, null, START + 60_000);

        assertThat(rate).isNotNull();
        assertThat(rate.intervalEndMillis()).isEqualTo(START + 60_000);
    }

    /** At a premium of 1 % an hour costs 0.11875 %; times are hours of the day. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # of h, changed at, to h, rates of, ending at
                    1,      13.5,       8,    1 2 8,    14 16 24
                    8,      6,          1,    7 1 1,    7 8 9
                    8,      7.5,        1,    8 1 1,    8 9 10
                    8,      3,          6,    8 4 6,    8 12 18
                    8,      0,          1,    1 1 1,    1 2 3
                    24,     23.5,       1,    24 1 1,   24 25 26
                    """)
    void shouldBeARateForTheTimeThatItsIntervalLastedWhenTheMarketChangesItsLength(
            int from, double changedAt, int to, String lengths, String ends) {
        market = OtherInterval.of(BTC, from * HOUR);
        long changedMillis = START + (long) (changedAt * HOUR);
        run(START, changedMillis, ONE_PERCENT_ABOVE);
        rates.clear();
        market = OtherInterval.of(BTC, to * HOUR);
        clock = new FundingClock(clock.state());

        run(changedMillis, START + 30 * HOUR, ONE_PERCENT_ABOVE);

        List<FundingRateSet> first = rates.subList(0, 3);
        assertThat(first)
                .extracting(rate -> rate.rate().nanos() / 1_187_500.0)
                .containsExactlyElementsOf(numbers(lengths));
        assertThat(first)
                .extracting(rate -> (rate.intervalEndMillis() - START) / (double) HOUR)
                .containsExactlyElementsOf(numbers(ends));
    }

    private static List<Double> numbers(String text) {
        return Stream.of(text.split(" ")).map(Double::valueOf).toList();
    }

    @Test
    void shouldPredictTheRateOfTheWholeRunningIntervalWhenItsLengthChanges() {
        market = OtherInterval.of(BTC, 8 * HOUR);
        run(START, START + 6 * HOUR, ONE_PERCENT_ABOVE);
        assertThat(clock.predicted(market, null)).hasToString("0.0095");
        market = BTC;

        run(START + 6 * HOUR, START + 6 * HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(clock.predicted(market, null)).hasToString("0.0083125");
    }

    @Test
    void shouldBeginTheNextIntervalOnTimeWhenARateIsLateOrLeftOut() {
        run(START, START + HOUR - 60_000, ONE_PERCENT_ABOVE);
        run(START + HOUR + 300_000, START + HOUR + 600_000, ONE_PERCENT_ABOVE);
        run(START + 5 * HOUR - 600_000, START + 6 * HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(rates)
                .extracting(FundingRateSet::intervalEndMillis)
                .containsExactly(START + HOUR, START + 5 * HOUR, START + 6 * HOUR);
        assertThat(rates).extracting(FundingRateSet::rate).containsOnly(Rate.parse("0.0011875"));
    }

    @Test
    void shouldRateAnIntervalByTheMarketsLengthWhenItIsNotKnownWhenItBegan() {
        run(START, START + HOUR / 2, ONE_PERCENT_ABOVE);
        FundingClock.State known = clock.state();
        clock =
                new FundingClock(
                        new FundingClock.State(
                                known.sequence(),
                                0,
                                known.intervalEndMillis(),
                                known.premiumSumTrillionths(),
                                known.samples(),
                                known.sampledAtMillis(),
                                known.ratedEndMillis()));
        assertThat(clock.predicted(BTC, null)).hasToString("0.0011875");

        run(START + HOUR / 2, START + 2 * HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(rates).hasSize(2);
        assertThat(rates).extracting(FundingRateSet::rate).containsOnly(Rate.parse("0.0011875"));
    }

    @Test
    void shouldSetNoRateWhenNothingWasSampled() {
        run(START, START + HOUR + 200, null);

        assertThat(rates).isEmpty();
        assertThat(clock.predicted(BTC, override)).isNull();
    }

    @Test
    void shouldNumberWithoutAGapAcrossRestarts() {
        for (long at = START; at < START + 24 * HOUR; at += 1_000) {
            clock = new FundingClock(clock.state());
            run(at, at + 1_000, ONE_PERCENT_ABOVE);
        }

        assertThat(rates)
                .extracting(FundingRateSet::sequence)
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.rangeClosed(1, 23).boxed().toList());
        assertThat(rates).extracting(FundingRateSet::rate).containsOnly(Rate.parse("0.0011875"));
    }

    @Test
    void shouldSampleOnWhenTheClockIsSetBackAlsoAfterARestart() {
        run(START + HOUR / 2, START + HOUR / 2 + 200, AT_INDEX);
        clock = new FundingClock(clock.state());

        run(START + 600_000, START + 612_000, ONE_PERCENT_ABOVE);

        assertThat(clock.state().samples()).isEqualTo(3);
        assertThat(clock.state().sampledAtMillis()).isEqualTo(START + 610_000);
    }

    @Test
    void shouldSetOneRateForAnIntervalThatEndsTwiceBecauseTheClockIsSetBack() {
        run(START, START + HOUR + 1_000, ONE_PERCENT_ABOVE);
        clock = new FundingClock(clock.state());

        run(START + HOUR - 1_000, START + 2 * HOUR + 1_000, ONE_PERCENT_ABOVE);

        assertThat(rates)
                .extracting(FundingRateSet::intervalEndMillis)
                .containsExactly(START + HOUR, START + 2 * HOUR);
        assertThat(rates).extracting(FundingRateSet::sequence).containsExactly(1L, 2L);
    }

    @Test
    void shouldSetRatesAgainSoonWhenTheClockWasFarAhead() {
        run(START + 1_000 * HOUR, START + 1_001 * HOUR + 1_000, ONE_PERCENT_ABOVE);

        run(START, START + 2 * HOUR + 1_000, ONE_PERCENT_ABOVE);

        assertThat(rates)
                .extracting(FundingRateSet::intervalEndMillis)
                .containsExactly(START + 1_001 * HOUR, START + 2 * HOUR);
    }

    @Test
    void shouldSetAnAdministratorsRateUntilItsEndThenItsOwnAgain() {
        override = override(FundingKind.EMERGENCY, "-0.04", START + 1, START + 2 * HOUR);

        run(START, START + 3 * HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(rates)
                .extracting(FundingRateSet::kind)
                .containsExactly(
                        FundingKind.EMERGENCY, FundingKind.EMERGENCY, FundingKind.AUTOMATIC);
        assertThat(rates)
                .extracting(rate -> rate.rate().toString())
                .containsExactly("-0.04", "-0.04", "0.0011875");
        assertThat(rates).extracting(FundingRateSet::sequence).containsExactly(1L, 2L, 3L);
        assertThat(rates).extracting(FundingRateSet::premium).containsOnly(Rate.parse("0.01"));
    }

    @Test
    void shouldSetAnAdministratorsRateWhenNothingWasSampled() {
        override = override(FundingKind.MANUAL, "0.001", START, START + HOUR);

        run(START, START + HOUR - 200, null);
        assertThat(clock.predicted(BTC, override)).hasToString("0.001");
        run(START + HOUR - 200, START + HOUR + 200, null);

        assertThat(rates).hasSize(1);
        assertThat(rates.getFirst().kind()).isEqualTo(FundingKind.MANUAL);
        assertThat(rates.getFirst().premium()).isEqualTo(Rate.ZERO);
    }

    @Test
    void shouldNotSetAnAdministratorsRateForAnIntervalThatEndedBeforeItStood() {
        run(START, START + HOUR - 60_000, ONE_PERCENT_ABOVE);
        override = override(FundingKind.MANUAL, "0.03", START + HOUR, START + 2 * HOUR);

        run(START + HOUR + 1_000, START + HOUR + 1_200, ONE_PERCENT_ABOVE);

        assertThat(rates).extracting(FundingRateSet::kind).containsExactly(FundingKind.AUTOMATIC);
    }

    @Test
    void shouldKeepAManualRateWithinTheCapThatTheMarketHasByThen() {
        override = override(FundingKind.MANUAL, "0.05", START, START + HOUR);

        run(START, START + HOUR + 200, null);

        assertThat(rates.getFirst().rate()).isEqualTo(BTC.fundingCap());
    }

    @ParameterizedTest
    @EnumSource(
            value = MarketStatus.class,
            names = {"ANNOUNCED", "SETTLING", "DELISTED"})
    void shouldHaveNoFundingWhereNobodyCanHoldAPosition(MarketStatus status) {
        run(START, START + HOUR + 200, ONE_PERCENT_ABOVE);
        market = standing(status);
        override = override(FundingKind.EMERGENCY, "0.1", START + HOUR, START + 9 * HOUR);

        run(START + HOUR + 200, START + 3 * HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(rates).hasSize(1);
        assertThat(clock.predicted(market, override)).isNull();
        assertThat(clock.state().samples()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = MarketStatus.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ANNOUNCED", "SETTLING", "DELISTED"})
    void shouldSetRatesWherePositionsCanBeOpen(MarketStatus status) {
        market = standing(status);

        run(START, START + HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(rates).hasSize(1);
    }

    @Test
    void shouldNumberOnWithoutAGapWhenAMarketOpens() {
        market = standing(MarketStatus.ANNOUNCED);
        run(START, START + HOUR / 2, ONE_PERCENT_ABOVE);
        market = standing(MarketStatus.POST_ONLY);

        run(START + HOUR / 2, START + 2 * HOUR + 200, ONE_PERCENT_ABOVE);

        assertThat(rates).extracting(FundingRateSet::sequence).containsExactly(1L, 2L);
        assertThat(rates)
                .extracting(FundingRateSet::intervalEndMillis)
                .containsExactly(START + HOUR, START + 2 * HOUR);
        assertThat(rates)
                .extracting(rate -> rate.rate().toString())
                .as("of half an hour, and of an hour")
                .containsExactly("0.00059375", "0.0011875");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # status, kind,      rate,         ends in h, refused for
                    ACTIVE,   MANUAL,    0.04,         168,       ''
                    ACTIVE,   MANUAL,    -0.04,        1,         ''
                    ACTIVE,   EMERGENCY, -0.25,        1,         ''
                    DELISTED, MANUAL,    0.040000001,  0,         MARKET_ENDED
                    ACTIVE,   MANUAL,    0.040000001,  0,         RATE_ABOVE_CAP
                    ACTIVE,   MANUAL,    -0.040000001, 1,         RATE_ABOVE_CAP
                    ACTIVE,   EMERGENCY, 0.250000001,  1,         RATE_ABOVE_CAP
                    ACTIVE,   MANUAL,    0.01,         0,         END_INVALID
                    ACTIVE,   EMERGENCY, 0.01,         169,       END_INVALID
                    """)
    void shouldTakeARateThatIsWithinItsBounds(
            MarketStatus status, FundingKind kind, String rate, int hours, String refused) {
        FundingDecision decision =
                FundingOverride.decide(
                        standing(status), 1, kind, Rate.parse(rate), START + hours * HOUR, START);

        switch (decision) {
            case FundingDecision.Accepted accepted -> assertThat(refused).isEmpty();
            case FundingDecision.Refused why -> assertThat(why.reason()).hasToString(refused);
        }
    }

    private static Market standing(MarketStatus status) {
        String text = new String(EventCodec.encode(Market.class, BTC), StandardCharsets.UTF_8);
        return EventCodec.decode(
                Market.class,
                text.replace("\"ACTIVE\"", '"' + status.name() + '"')
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static FundingOverride override(
            FundingKind kind, String rate, long fromMillis, long untilMillis) {
        return new FundingOverride(BTC.id(), 1, kind, Rate.parse(rate), fromMillis, untilMillis);
    }

    private void run(long fromMillis, long toMillis, @Nullable Impact impact) {
        for (long at = fromMillis; at < toMillis; at += 200) {
            FundingRateSet rate = clock.advance(market, ORACLE, ORACLE, impact, override, at);
            if (rate != null) {
                rates.add(rate);
            }
        }
    }
}
