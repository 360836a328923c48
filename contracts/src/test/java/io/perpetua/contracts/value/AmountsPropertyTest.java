package io.perpetua.contracts.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AmountsPropertyTest {
    private static final long SEED = 20261120;

    @Test
    void shouldAgreeWithBigDecimalWhenMultiplyingAndDividing() {
        SplittableRandom random = new SplittableRandom(SEED);
        int within = 0;
        for (int i = 0; i < 300_000; i++) {
            long a = anyLong(random);
            long b = anyLong(random);
            long divisor = Math.max(1, anyLong(random) & Long.MAX_VALUE);
            for (RoundingMode rounding : RoundingMode.values()) {
                if (rounding == RoundingMode.UNNECESSARY) {
                    continue;
                }
                BigInteger expected =
                        new BigDecimal(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)))
                                .divide(BigDecimal.valueOf(divisor), 0, rounding)
                                .toBigInteger();
                String at = "seed " + SEED + ": " + a + " x " + b + " / " + divisor + rounding;
                if (expected.abs().bitLength() <= 63) {
                    within++;
                    assertThat(Amounts.multiplyDivide(a, b, divisor, rounding))
                            .as(at)
                            .isEqualTo(expected.longValueExact());
                } else {
                    assertThatThrownBy(() -> Amounts.multiplyDivide(a, b, divisor, rounding))
                            .as(at)
                            .isInstanceOf(ArithmeticException.class);
                }
            }
        }
        assertThat(within).isGreaterThan(500_000);
    }

    @Test
    void shouldReadBackWhatItWritesWhenFormattingDecimals() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 100_000; i++) {
            long units = anyLong(random);
            if (units == Long.MIN_VALUE) {
                continue;
            }
            assertThat(Usd.parse(new Usd(units).toString()).micros()).isEqualTo(units);
            assertThat(new BigDecimal(new Quantity(units).toString()))
                    .isEqualByComparingTo(BigDecimal.valueOf(units, Quantity.SCALE));
        }
    }

    @Test
    void shouldRefuseWhenTextIsNoPlainDecimal() {
        for (String text :
                new String[] {
                    "",
                    "-",
                    ".",
                    "1.",
                    ".5",
                    "+1",
                    "1e3",
                    " 1",
                    "1 ",
                    "NaN",
                    "0x1",
                    "1,5",
                    "--1",
                    "1.2.3",
                    "1.0000001",
                    "9223372036854.775808",
                    "99999999999999999999",
                    "٣"
                }) {
            assertThatThrownBy(() -> Usd.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Usd.parse("-0.5").micros()).isEqualTo(-500_000);
        assertThat(Usd.parse("1.10000000").micros()).isEqualTo(1_100_000);
    }

    @Test
    void shouldRefuseWhenNotionalIsNotWholeMicros() {
        assertThat(Amounts.notional(Price.parse("46377.5"), Quantity.parse("-0.01")))
                .isEqualTo(Usd.parse("-463.775"));
        assertThatThrownBy(() -> Amounts.notional(Price.parse("0.0001"), Quantity.parse("0.001")))
                .isInstanceOf(ArithmeticException.class);
    }

    /** Longs of every size, the edges among them. */
    private static long anyLong(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> 0;
            case 2 -> -Long.MAX_VALUE;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }
}
