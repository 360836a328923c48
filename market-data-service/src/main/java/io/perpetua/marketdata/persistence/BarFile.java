package io.perpetua.marketdata.persistence;

import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.oracle.Bar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads bars from CSV, plain or gzipped: a header, then {@code
 * timestamp,open,high,low,close,volume} with the timestamp in UTC ({@code 2021-12-31
 * 23:01:00.000000}, or ISO-8601 with a {@code T} and a {@code Z}) and volume in US dollars, rounded
 * to micros.
 */
public final class BarFile {
    private static final String HEADER = "timestamp,open,high,low,close,volume";
    private static final int GZIP_MAGIC_FIRST = 0x1f;
    private static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendLiteral(' ')
                    .appendPattern("HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter(Locale.ROOT);

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
        if (!HEADER.equals(header)) {
            throw new IllegalArgumentException("line 1: expected " + HEADER);
        }
        int number = 1;
        long previousMillis = Long.MIN_VALUE;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            Bar bar = parseLine(line, number);
            if (bar.atMillis() <= previousMillis) {
                throw new IllegalArgumentException("line " + number + ": not after the one before");
            }
            previousMillis = bar.atMillis();
            bars.add(bar);
        }
        return bars;
    }

    private static Bar parseLine(String line, int number) {
        String[] cells = line.split(",", -1);
        if (cells.length != 6) {
            throw new IllegalArgumentException("line " + number + ": expected 6 cells");
        }
        try {
            return new Bar(
                    millis(cells[0]),
                    Price.parse(cells[1]),
                    Price.parse(cells[2]),
                    Price.parse(cells[3]),
                    Price.parse(cells[4]),
                    Bar.volume(cells[5]));
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException wrong) {
            throw new IllegalArgumentException("line " + number + ": " + wrong.getMessage(), wrong);
        }
    }

    private static long millis(String text) {
        String spaced = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        return LocalDateTime.parse(spaced.replace('T', ' '), TIMESTAMP)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }
}
