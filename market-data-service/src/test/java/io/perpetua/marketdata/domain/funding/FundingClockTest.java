package io.perpetua.marketdata.domain.funding;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.funding.FundingClock.Impact;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FundingClockTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long HOUR = 3_600_000;
    private static final long START = 480_000 * HOUR;
    private static final Price ORACLE = Price.parse("10000");
    private static final Impact ONE_PERCENT_ABOVE = new Impact(Price.parse("10100"), null);
    private static final Impact AT_INDEX = new Impact(Price.parse("9999"), Price.parse("10001"));

    private FundingClock clock = new FundingClock(FundingClock.State.EMPTY);
    private final List<FundingRateSet> rates = new ArrayList<>();

    @Test
    void shouldSetTheRateOfTheMeanPremiumWhenTheHourEnds() {
        run(START, START + HOUR / 2, ONE_PERCENT_ABOVE);
        assertThat(clock.predicted(BTC)).hasToString("0.0011875");
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
        assertThat(clock.predicted(BTC)).hasToString("0.0000125");
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
        Market shorter = ShorterInterval.of(BTC, 60_000);
        run(START, START + 10_000, ONE_PERCENT_ABOVE);

        assertThat(clock.advance(shorter, ORACLE, ORACLE, ONE_PERCENT_ABOVE, START + 59_900))
                .isNull();
        FundingRateSet rate =
                clock.advance(shorter, ORACLE, ORACLE, ONE_PERCENT_ABOVE, START + 60_000);

        assertThat(rate).isNotNull();
        assertThat(rate.intervalEndMillis()).isEqualTo(START + 60_000);
    }

    @Test
    void shouldSetNoRateWhenNothingWasSampled() {
        run(START, START + HOUR + 200, null);

        assertThat(rates).isEmpty();
        assertThat(clock.predicted(BTC)).isNull();
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
    void shouldSetAnAdministratorsRateAtOnceAndBeginAnew() {
        run(START, START + HOUR / 2, ONE_PERCENT_ABOVE);

        FundingDecision decision =
                clock.order(
                        BTC,
                        FundingKind.EMERGENCY,
                        Rate.parse("-0.04"),
                        ORACLE,
                        ORACLE,
                        START + HOUR / 2);
        run(START + HOUR / 2, START + HOUR + 200, AT_INDEX);

        assertThat(decision)
                .isEqualTo(
                        new FundingDecision.Set(
                                new FundingRateSet(
                                        BTC.id(),
                                        1,
                                        FundingKind.EMERGENCY,
                                        Rate.parse("-0.04"),
                                        Rate.parse("0.01"),
                                        ORACLE,
                                        ORACLE,
                                        START + HOUR / 2,
                                        START + HOUR / 2)));
        assertThat(rates).hasSize(1);
        assertThat(rates.getFirst().sequence()).isEqualTo(2);
        assertThat(rates.getFirst().rate()).hasToString("0.0000125");
    }

    @Test
    void shouldRefuseAnAdministratorsRateWhenItIsAboveTheCapOrThereIsNoValidIndex() {
        assertThat(order("0.040000001", null)).isEqualTo(FundingRefusal.RATE_ABOVE_CAP);
        assertThat(order("-0.040000001", ORACLE)).isEqualTo(FundingRefusal.RATE_ABOVE_CAP);
        assertThat(order("0.01", null)).isEqualTo(FundingRefusal.PRICE_NOT_VALID);
        assertThat(clock.state()).isEqualTo(FundingClock.State.EMPTY);
    }

    private FundingRefusal order(String rate, @Nullable Price oracle) {
        return ((FundingDecision.Refused)
                        clock.order(
                                BTC, FundingKind.MANUAL, Rate.parse(rate), oracle, ORACLE, START))
                .reason();
    }

    private void run(long fromMillis, long toMillis, @Nullable Impact impact) {
        for (long at = fromMillis; at < toMillis; at += 200) {
            FundingRateSet rate = clock.advance(BTC, ORACLE, ORACLE, impact, at);
            if (rate != null) {
                rates.add(rate);
            }
        }
    }
}
