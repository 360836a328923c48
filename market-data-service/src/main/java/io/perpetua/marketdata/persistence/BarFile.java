package io.perpetua.marketdata.persistence;

import io.perpetua.marketdata.domain.candle.BarRow;
import io.perpetua.marketdata.domain.oracle.Bar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads bars from CSV, plain or gzipped: a header, then a {@link BarRow} a line. */
public final class BarFile {
    private static final int GZIP_MAGIC_FIRST = 0x1f;

    private BarFile() {}

    /**
     * All bars, ascending.
     *
     * @throws IllegalArgumentException naming the line that is no bar or does not come after the
     *     one before it
     */
    public static List<Bar> read(InputStream bytes) throws IOException {
        PushbackInputStream peeked = new PushbackInputStream(bytes);
        int first = peeked.read();
        if (first >= 0) {
            peeked.unread(first);
        }
        InputStream plain = first == GZIP_MAGIC_FIRST ? new GZIPInputStream(peeked) : peeked;
        return parse(new InputStreamReader(plain, StandardCharsets.UTF_8));
    }

    private static List<Bar> parse(Reader text) throws IOException {
        List<Bar> bars = new ArrayList<>();
        BufferedReader lines = new BufferedReader(text);
        String header = lines.readLine();
        if (!BarRow.HEADER.equals(header)) {
            throw new IllegalArgumentException("line 1: expected " + BarRow.HEADER);
        }
        int number = 1;
        long previousMillis = Long.MIN_VALUE;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            Bar bar =
                    switch (BarRow.parse(number, line)) {
                        case BarRow.Taken row -> row.bar();
                        case BarRow.Rejected row ->
                                throw new IllegalArgumentException(
                                        "line " + number + ": " + row.detail());
                    };
            if (bar.atMillis() <= previousMillis) {
                throw new IllegalArgumentException("line " + number + ": not after the one before");
            }
            previousMillis = bar.atMillis();
            bars.add(bar);
        }
        return bars;
    }
}
