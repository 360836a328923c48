package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.mark.MovingAverage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarReplayTest {
    private static final Bar RISING = bar(60_000, "100", "130", "90", "120");
    private static final Bar FALLING = bar(120_000, "120", "125", "80", "85");

    @Test
    void shouldGoLowThenHighWhenTheBarRises() {
        assertThat(path(250_000, RISING)).containsExactly("100", "90", "130", "120");
    }

    @Test
    void shouldGoHighThenLowWhenTheBarFalls() {
        assertThat(path(250_000, FALLING)).containsExactly("120", "125", "80", "85");
    }

    @Test
    void shouldWalkStraightBetweenCornersWhenSlow() {
        assertThat(path(125_000, RISING))
                .containsExactly("100", "95", "90", "110", "130", "125", "120", "120");
    }

    @ParameterizedTest
    @ValueSource(longs = {250_000, 200_000, 166_666, 99_999, 10_007})
    void shouldTouchEveryCornerWhenASampleIsAtMostAQuarterOfABar(long microsPerSample) {
        assertThat(path(microsPerSample, RISING, FALLING))
                .containsSubsequence("100", "90", "130", "120", "125", "80", "85");
    }

    @Test
    void shouldSkipBarsWhenFasterThanTheSamples() {
        assertThat(path(2_000_000, RISING, FALLING, bar(180_000, "85", "85", "70", "75")))
                .containsExactly("100", "85");
    }

    @Test
    void shouldHaveNoSampleWhenNoBarIsLeft() {
        assertThat(new BarReplay(0).sample(1)).isNull();
    }

    @Test
    void shouldLeaveOutBarsWhenTheyDoNotComeAfterTheOthers() {
        BarReplay replay = new BarReplay(0);

        replay.append(List.of(RISING, FALLING));
        replay.append(List.of(RISING, FALLING));

        assertThat(replay.size()).isEqualTo(2);
    }

    @Test
    void shouldGoOnInsideTheBarWhenRestored() {
        BarReplay replay = new BarReplay(0);
        replay.append(List.of(RISING, FALLING));
        replay.speed(200_000);
        replay.next();
        replay.next();
        BarReplay restored = new BarReplay(replay.passedMicros());
        restored.append(List.of(RISING, FALLING));
        restored.speed(200_000);

        assertThat(restored.next()).isEqualTo(replay.next());
    }

    @Test
    void shouldWalkStraightBetweenCornersThatAreFarApart() {
        assertThat(path(125_000, bar(0, "1", "600000", "0.5", "0.5")))
                .containsExactly(
                        "1", "300000.5", "600000", "300000.25", "0.5", "0.5", "0.5", "0.5");
        String most = new Price(MovingAverage.MOST_UNITS).toString();
        assertThat(path(125_000, bar(0, "0.00000001", most, "0.00000001", most)))
                .containsSubsequence("0.00000001", "23058430.09213694", most);
    }

    @Test
    void shouldRefuseABarWhenItsExtremesAreNone() {
        assertThatThrownBy(() -> bar(0, "100", "99", "90", "95"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bar(0, "100", "120", "101", "110"))
                .isInstanceOf(IllegalArgumentException.class);
        String more = new Price(MovingAverage.MOST_UNITS + 1).toString();
        assertThatThrownBy(() -> bar(0, "1", more, "1", "1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> path(long microsPerSample, Bar... bars) {
        BarReplay replay = new BarReplay(0);
        replay.append(List.of(bars));
        replay.speed(microsPerSample);
        List<String> path = new ArrayList<>();
        for (Price price = replay.next(); price != null; price = replay.next()) {
            path.add(price.toString());
        }
        return path;
    }

    private static Bar bar(long atMillis, String open, String high, String low, String close) {
        return new Bar(
                atMillis,
                Price.parse(open),
                Price.parse(high),
                Price.parse(low),
                Price.parse(close),
                Usd.ZERO);
    }
}
