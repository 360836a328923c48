package io.perpetua.marketdata.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeastRateOutputTest {
    private static final int PART = 8_192;

    private long nanoTime = Long.MAX_VALUE - 5;
    private long eachTakesMillis;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final OutputStream client =
            new OutputStream() {
                @Override
                public void write(int octet) {
                    throw new AssertionError("by the byte");
                }

                @Override
                public void write(byte[] bytes, int from, int length) {
                    nanoTime += TimeUnit.MILLISECONDS.toNanos(eachTakesMillis);
                    read.write(bytes, from, length);
                }
            };
    private final LeastRateOutput out = new LeastRateOutput(client, () -> nanoTime);

    @Test
    void shouldCutOffAClientThatReadsHardly() {
        eachTakesMillis = 8_000;

        assertThatThrownBy(() -> write(10)).isInstanceOf(IOException.class);
        assertThat(read.size()).isEqualTo(4 * PART);
    }

    @Test
    void shouldLetAClientTakeItsTimeThatReadsAtTheLeastRate() throws IOException {
        eachTakesMillis = 1_000L * PART / LeastRateOutput.BYTES_PER_SECOND;

        write(10_000);

        assertThat(read.size()).isEqualTo(10_000 * PART);
    }

    @Test
    void shouldNotCountTheTimeBetween() throws IOException {
        for (int i = 0; i < 10; i++) {
            nanoTime += TimeUnit.MINUTES.toNanos(1);
            write(1);
        }

        assertThat(read.size()).isEqualTo(10 * PART);
    }

    private void write(int parts) throws IOException {
        for (int i = 0; i < parts; i++) {
            out.write(new byte[PART], 0, PART);
        }
    }
}
