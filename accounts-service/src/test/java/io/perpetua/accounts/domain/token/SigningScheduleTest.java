package io.perpetua.accounts.domain.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningScheduleTest {
    private static final Instant BEGIN = Instant.parse("2026-05-01T10:00:00Z");
    private static final SigningSchedule SCHEDULE =
            new SigningSchedule(
                    Duration.ofDays(30), Duration.ofMinutes(10), Duration.ofMinutes(15));

    @Test
    void shouldSignAtOnceWhenItIsTheFirstKeyEver() {
        assertThat(SCHEDULE.isNewOneDue(List.of(), BEGIN)).isTrue();
        assertThat(SCHEDULE.beginOfNewOne(List.of(), BEGIN)).isEqualTo(BEGIN);
        assertThat(SCHEDULE.signing(List.of(BEGIN), BEGIN.minusSeconds(5))).isZero();
    }

    @Test
    void shouldChangeOverWhenAKeyIsOld() {
        List<Instant> one = List.of(BEGIN);
        Instant due = BEGIN.plus(Duration.ofDays(30)).minus(Duration.ofMinutes(10));
        assertThat(SCHEDULE.isNewOneDue(one, due.minusSeconds(1))).isFalse();
        assertThat(SCHEDULE.isNewOneDue(one, due)).isTrue();
        Instant next = SCHEDULE.beginOfNewOne(one, due);
        assertThat(next).isEqualTo(BEGIN.plus(Duration.ofDays(30)));

        List<Instant> both = List.of(BEGIN, next);
        assertThat(SCHEDULE.isNewOneDue(both, due)).isFalse();
        assertThat(SCHEDULE.signing(both, next.minusMillis(1))).isZero();
        assertThat(SCHEDULE.signing(both, next)).isOne();
        assertThat(SCHEDULE.isRetired(both, 0, next.plus(Duration.ofMinutes(25)).minusMillis(1)))
                .isFalse();
        assertThat(SCHEDULE.isRetired(both, 0, next.plus(Duration.ofMinutes(25)))).isTrue();
        assertThat(SCHEDULE.isRetired(both, 1, next.plus(Duration.ofDays(999)))).isFalse();
    }

    /**
     * Replicas that look at the keys now and then: no token is signed by a key nobody published.
     */
    @Test
    void shouldPublishEveryKeyBeforeAndAfterItSigns() {
        SplittableRandom random = new SplittableRandom(99);
        List<Instant> keys = new ArrayList<>();
        List<Instant> made = new ArrayList<>();
        Instant now = BEGIN;
        for (int step = 0; step < 20_000; step++) {
            now = now.plusSeconds(random.nextInt(1, step % 100 == 0 ? 4_000_000 : 60));
            if (SCHEDULE.isNewOneDue(keys, now)) {
                keys.add(SCHEDULE.beginOfNewOne(keys, now));
                made.add(now);
            }
            int signing = SCHEDULE.signing(keys, now);
            assertThat(SCHEDULE.isRetired(keys, signing, now)).isFalse();
            if (signing > 0) {
                assertThat(Duration.between(made.get(signing), now))
                        .isGreaterThanOrEqualTo(Duration.ofMinutes(10));
                Instant lastToken = keys.get(signing);
                assertThat(
                                SCHEDULE.isRetired(
                                        keys, signing - 1, lastToken.plus(Duration.ofMinutes(15))))
                        .isFalse();
            }
        }
        assertThat(keys).hasSizeGreaterThan(5).isSorted();
    }

    @ParameterizedTest
    @CsvSource({"100, 0, 10", "100, 51, 10", "60, 10, 900", "100, -1, 10"})
    void shouldRefuseTimesThatCannotHold(int rotation, int announcement, int token) {
        assertThatThrownBy(
                        () ->
                                new SigningSchedule(
                                        Duration.ofSeconds(rotation),
                                        Duration.ofSeconds(announcement),
                                        Duration.ofSeconds(token)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
