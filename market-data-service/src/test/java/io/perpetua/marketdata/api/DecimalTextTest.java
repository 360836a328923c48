package io.perpetua.marketdata.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DecimalTextTest {
    private final DecimalText decimal = new DecimalText();

    @Test
    void shouldBeWhatTheValuesWriteOfThemselves() {
        SplittableRandom random = new SplittableRandom(3);
        LongStream.concat(
                        LongStream.of(
                                0, 1, -1, 10, -10, 100_000_000, Long.MAX_VALUE, Long.MIN_VALUE),
                        LongStream.range(0, 20_000)
                                .map(any -> random.nextLong() >> random.nextInt(64)))
                .forEach(
                        units -> {
                            assertThat(text(units, Quantity.SCALE))
                                    .isEqualTo(new Quantity(units).toString());
                            assertThat(text(units, Usd.SCALE)).isEqualTo(new Usd(units).toString());
                            if (units > 0) {
                                assertThat(text(units, Price.SCALE))
                                        .isEqualTo(new Price(units).toString());
                            }
                            assertThat(text(units, 0)).isEqualTo(Long.toString(units));
                        });
    }

    private String text(long units, int scale) {
        decimal.set(units, scale);
        return new String(decimal.buffer(), decimal.begin(), decimal.length());
    }
}
