package io.perpetua.marketdata.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.BarReplay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarFileTest {
    private static final String HEADER = "timestamp,open,high,low,close,volume\n";
    private static final String LINE =
            "2021-12-31 23:01:00.000000,46319.0,46385.0,46319.0,46377.0,2300413.7295\n";
    private static final Bar BAR =
            new Bar(
                    Instant.parse("2021-12-31T23:01:00Z").toEpochMilli(),
                    Price.parse("46319"),
                    Price.parse("46385"),
                    Price.parse("46319"),
                    Price.parse("46377"),
                    Usd.parse("2300413.7295"));

    @Test
    void shouldReadBarsWhenPlain() throws IOException {
        assertThat(read(HEADER + LINE)).containsExactly(BAR);
    }

    @Test
    void shouldReadBarsWhenGzipped() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write((HEADER + LINE).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(BarFile.read(new ByteArrayInputStream(bytes.toByteArray())))
                .containsExactly(BAR);
    }

    @Test
    void shouldRoundTheVolumeWhenItHasManyDecimals() throws IOException {
        assertThat(read(HEADER + LINE.replace("2300413.7295", "2300413.72950049999")))
                .containsExactly(BAR);
    }

    @Test
    void shouldReadTimesWhenIso() throws IOException {
        assertThat(read(HEADER + LINE.replace(" 23:01:00.000000", "T23:01:00Z")))
                .containsExactly(BAR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense\n",
                HEADER + "2021-12-31 23:01:00,1,2,3\n",
                HEADER + "yesterday,1,2,1,2,0\n",
                HEADER + "2021-12-31 23:01:00,-1,2,1,2,0\n",
                HEADER + "2021-12-31 23:01:00,5,2,1,2,0\n",
                HEADER + "2021-12-31 23:01:00,1,2,1,2,x\n",
                HEADER + LINE + LINE
            })
    void shouldNameTheLineWhenItIsNoBar(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line ");
    }

    @Test
    void shouldPlayTheRecordedMonthWhenItIsThere() throws IOException {
        Path recorded = recordedBars();
        assumeTrue(recorded != null, "skipped: no shared/data/btc-perp-1m-2022-01.csv.gz");

        List<Bar> bars;
        try (InputStream file = Files.newInputStream(recorded)) {
            bars = BarFile.read(file);
        }

        assertThat(bars).hasSize(45_031);
        assertThat(bars.getFirst()).isEqualTo(BAR);
        BarReplay replay = new BarReplay(0);
        replay.append(bars);
        replay.speed(250_000);
        assertThat(List.of(replay.next(), replay.next(), replay.next(), replay.next()))
                .containsExactly(BAR.open(), BAR.low(), BAR.high(), BAR.close());
        assertThat(replay.next()).isEqualTo(Price.parse("46377"));
    }

    private static Path recordedBars() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            Path file = folder.resolve("shared/data/btc-perp-1m-2022-01.csv.gz");
            if (Files.exists(file)) {
                return file;
            }
            folder = folder.getParent();
        }
        return null;
    }

    private static List<Bar> read(String text) throws IOException {
        return BarFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
