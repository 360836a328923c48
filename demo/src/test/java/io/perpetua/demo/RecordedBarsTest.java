package io.perpetua.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedBarsTest {
    private static final String CSV =
            """
            timestamp,open,high,low,close,volume
            2021-12-31 23:01:00.000000,46319.0,46385.0,46319.0,46377.0,2300413.7295
            2021-12-31 23:02:00.000000,46377.0,46411.0,46377.0,46411.0,1829623.1938
            """;

    @TempDir Path folder;

    @Test
    void shouldReadAllBarsWhenTheTimeIsLongEnough() throws IOException {
        Path file = Files.writeString(folder.resolve("bars.csv"), CSV);

        RecordedBars bars = RecordedBars.read(file, 1);

        assertThat(bars.size()).isEqualTo(2);
        assertThat(bars.toString())
                .isEqualTo("2 bars from 2021-12-31T23:01:00Z to 2021-12-31T23:02:00Z");
    }

    @Test
    void shouldUnpackWhenTheFileIsPacked() throws IOException {
        Path file = folder.resolve("bars.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(CSV.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(RecordedBars.read(file, 1).size()).isEqualTo(2);
    }
}
