package io.perpetua.marketdata.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.BarReplay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    void shouldPlayRecordedDays() throws IOException {
        List<Bar> bars;
        try (InputStream file =
                BarFileTest.class.getResourceAsStream("/history/btc-perp-1m-2022-01-04.csv.gz")) {
            bars = BarFile.read(file);
        }

        assertThat(bars).hasSize(6 * 24 * 60);
        BarReplay replay = new BarReplay(0);
        replay.append(bars);
        replay.speed(250_000);
        assertThat(List.of(replay.next(), replay.next(), replay.next(), replay.next()))
                .extracting(Price::toString)
                .containsExactly("46434", "46411", "46446", "46442");
        assertThat(replay.next()).isEqualTo(bars.get(1).open());
    }

    private static List<Bar> read(String text) throws IOException {
        return BarFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
