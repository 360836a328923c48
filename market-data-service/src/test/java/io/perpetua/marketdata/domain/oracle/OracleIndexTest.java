package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.contracts.value.Price;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OracleIndexTest {
    private static final long NOW = 1_000_000;
    private static final long MARKET_LIMIT_MILLIS = 10_000;
    private static final Price LAST = Price.parse("100");

    /**
     * Sources are {@code weight*price~confidence@ageMillis}, with a limit of 5 s each; the last
     * index is 100.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # sources                            | index | confidence | states
                    1*101~1@0                            | 101   | 1    | USED
                    1*101~1@5000                         | 101   | 1    | USED
                    1*101~1@5001                         | 101   | 1    | STALE
                    1*101~1@-5000                        | 101   | 1    | USED
                    1*101~1@-5001                        | 101   | 1    | STALE
                    1*101~1@0 1*900~2@-9000              | 101   | 1    | USED STALE
                    1*-3~1@0                             | -3    | 1    | INVALID
                    silent                               | none  | none | SILENT
                    1*101~1@0 1*102~2@0 1*103~3@0        | 102   | 2    | USED USED USED
                    1*101~1@0 1*102~2@0 1*900~0@0        | 101   | 2    | USED USED OUTLIER
                    1*101~1@0 1*102~2@0 1*102~9@0        | 102   | 2    | USED USED USED
                    1*101~1@0 1*102~2@0 99*104~1@0       | 102   | 1    | USED USED USED
                    1*101~1@0 1*102~2@0 99*900~1@0       | 101   | 2    | USED USED OUTLIER
                    3*101~1@0 1*102~2@0 1*103~2@0        | 102   | 2    | USED USED USED
                    2*101~1@0 1*102~2@0 2*103~2@0        | 102   | 2    | USED USED USED
                    3*101~1@0 1*102~2@0 3*103~2@0        | 102   | 2    | USED USED USED
                    1*99~1@0 1*102~2@0                   | 99    | 2    | USED USED
                    1*98~1@0 9*101~2@0                   | 101   | 2    | USED USED
                    1*101~1@0 1*110~2@0                  | 101   | 1    | USED OUTLIER
                    1*101~1@0 1*900~2@9000 1*-1~0@0      | 101   | 1    | USED STALE INVALID
                    1*101~1@9000 1*102~2@6000 silent     | 102   | 2    | STALE STALE SILENT
                    """)
    void shouldBeTheMedianOfThoseThatCount(
            String sources, String price, String confidence, String states) {
        OracleIndex index = OracleIndex.of(sources(sources), LAST, MARKET_LIMIT_MILLIS, NOW);

        OracleSample sample = index.sample();
        assertThat(sample == null ? "none" : Long.toString(sample.priceUnits() / 100_000_000))
                .isEqualTo(price);
        assertThat(sample == null ? "none" : Long.toString(sample.confidenceUnits() / 100_000_000))
                .isEqualTo(confidence);
        assertThat(
                        index.sources().stream()
                                .map(SourcePrice::state)
                                .map(Enum::name)
                                .collect(Collectors.joining(" ")))
                .isEqualTo(states);
        assertThat(index.agreeing()).isEqualTo(states.split("USED", -1).length - 1);
    }

    @Test
    void shouldHoldTheMarketsLimitBesideTheSources() {
        OracleIndex index = OracleIndex.of(sources("1*101~1@2001"), LAST, 2_000, NOW);

        assertThat(index.agreeing()).isZero();
    }

    private static List<OracleSource> sources(String text) {
        List<OracleSource> sources = new ArrayList<>();
        for (String each : text.split(" ", -1)) {
            String name = "source-" + sources.size();
            if (each.equals("silent")) {
                sources.add(new OracleSource(name, 1, 5_000, now -> null));
                continue;
            }
            String[] parts = each.split("[*~@]", -1);
            OracleSample sample =
                    new OracleSample(
                            Long.parseLong(parts[1]) * 100_000_000,
                            Long.parseLong(parts[2]) * 100_000_000,
                            name,
                            NOW - Long.parseLong(parts[3]),
                            0);
            sources.add(new OracleSource(name, Integer.parseInt(parts[0]), 5_000, now -> sample));
        }
        return sources;
    }
}
