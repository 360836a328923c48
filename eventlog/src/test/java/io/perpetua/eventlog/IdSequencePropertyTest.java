package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IdSequencePropertyTest {
    private static final long START = Gateway.EPOCH_MILLIS + 1_000_000;

    @Test
    void shouldRiseWhateverTheClockDoes() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AtomicLong clock = new AtomicLong(START);
            IdSequence ids =
                    new IdSequence(
                            31,
                            START,
                            () ->
                                    random.nextInt(40) == 0
                                            ? clock.addAndGet(random.nextInt(-50, 60))
                                            : clock.get());
            ids.allowBelow(Long.MAX_VALUE);
            long last = 0;
            for (int i = 0; i < 5_000; i++) {
                long id = ids.next();
                assertThat(id).as("seed %s", seed).isGreaterThan(last).isLessThan(1L << 53);
                assertThat(id >> 8 & 31).isEqualTo(31);
                last = id;
            }
        }
    }

    @Test
    void shouldWaitForTheNextMillisecondWhenOneIsUsedUp() {
        AtomicLong asked = new AtomicLong();
        IdSequence ids =
                new IdSequence(1, START, () -> START + (asked.incrementAndGet() > 300 ? 1 : 0));
        ids.allowBelow(Long.MAX_VALUE);
        for (int i = 0; i < 256; i++) {
            assertThat(Gateway.issuedAtMillis(ids.next())).isEqualTo(START);
        }

        long next = ids.next();

        assertThat(Gateway.issuedAtMillis(next)).isEqualTo(START + 1);
        assertThat(asked.get()).isGreaterThan(300);
    }

    @Test
    void shouldRefuseWhenTheLeaseMayHaveRunOut() {
        AtomicLong clock = new AtomicLong(START);
        IdSequence ids = new IdSequence(1, START, clock::get);
        ids.allowBelow(START + 10);
        clock.set(START + 9);
        ids.next();

        clock.set(START + 10);

        assertThatThrownBy(ids::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldStartBehindTheLastHolderWhenItsClockWasAhead() {
        IdSequence before = new IdSequence(1, START, () -> START + 500);
        before.allowBelow(START + 10_000);
        long last = before.next();

        IdSequence after = new IdSequence(1, before.close(), () -> START);
        after.allowBelow(START + 10_000);

        assertThat(after.next()).isGreaterThan(last);
    }
}
