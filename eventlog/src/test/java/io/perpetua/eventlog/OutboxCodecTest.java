package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OutboxCodecTest {
    @Test
    void shouldReadBackWhatItWrote() {
        SplittableRandom random = new SplittableRandom(1);
        OutboxCodec codec = new OutboxCodec();
        for (int i = 0; i < 30; i++) {
            List<Numbered> events = events(random);

            List<Numbered> read = OutboxCodec.decode(codec.encode(events));

            assertThat(read).hasSameSizeAs(events);
            for (int n = 0; n < events.size(); n++) {
                assertSame(read.get(n), events.get(n));
            }
        }
    }

    private static void assertSame(Numbered read, Numbered written) {
        assertThat(read.number()).isEqualTo(written.number());
        assertThat(read.record().topic()).isEqualTo(written.record().topic());
        assertThat(read.record().partition()).isEqualTo(written.record().partition());
        assertThat(read.record().key()).isEqualTo(written.record().key());
        assertThat(read.record().reply()).isEqualTo(written.record().reply());
        assertThat(read.record().value()).isEqualTo(written.record().value());
    }

    private static List<Numbered> events(SplittableRandom random) {
        List<Numbered> events = new ArrayList<>();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[random.nextInt(random.nextInt(10) == 0 ? 20_000 : 300)];
            random.nextBytes(value);
            events.add(
                    new Numbered(
                            new Outgoing(
                                    "topic-" + random.nextInt(3),
                                    random.nextInt(300),
                                    random.nextBoolean() ? null : "key-\u00e4" + i,
                                    value,
                                    switch (random.nextInt(3)) {
                                        case 0 -> null;
                                        case 1 -> "";
                                        default -> "31:" + random.nextLong(1L << 53);
                                    }),
                            random.nextLong(Long.MAX_VALUE)));
        }
        return events;
    }
}
