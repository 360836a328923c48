package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.oracle.Bar;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A row of recorded history, {@code timestamp,open,high,low,close,volume}: a bar, or why it is
 * none. The timestamp is in UTC ({@code 2021-12-31 23:01:00.000000}, or ISO-8601 with a {@code T}
 * and a {@code Z}), the volume in US dollars, rounded to micros.
 */
public sealed interface BarRow {
    /** The columns, in their order. */
    List<String> COLUMNS = List.of("timestamp", "open", "high", "low", "close", "volume");

    /** The line that comes before the rows. */
    String HEADER = String.join(",", COLUMNS);

    /** Its number in the file; the header is row 1. */
    int row();

    /** A row that is a bar. */
    record Taken(int row, Bar bar) implements BarRow {
        /** The same row, refused for its minute. */
        public Rejected rejected(RowRejection code, String detail) {
            return new Rejected(row, "timestamp", code, detail);
        }
    }

    /**
     * A row that is not taken.
     *
     * @param column the first one at fault; null when the row as a whole is
     */
    record Rejected(int row, @Nullable String column, RowRejection code, String detail)
            implements BarRow {}

    /** From a line of text. */
    static BarRow parse(int row, String line) {
        String[] cells = line.split(",", -1);
        if (cells.length != COLUMNS.size()) {
            return new Rejected(
                    row, null, RowRejection.CELLS_NOT_SIX, "expected " + COLUMNS.size() + " cells");
        }
        long atMillis;
        try {
            atMillis = Timestamp.parse(cells[0]);
        } catch (DateTimeParseException | ArithmeticException malformed) {
            return new Rejected(
                    row,
                    COLUMNS.getFirst(),
                    RowRejection.TIMESTAMP_MALFORMED,
                    "a timestamp is written as 2022-01-31T12:00:00Z");
        }
        Price[] prices = new Price[4];
        for (int i = 0; i < prices.length; i++) {
            try {
                prices[i] = Bar.recordable(Price.parse(cells[i + 1]));
            } catch (IllegalArgumentException malformed) {
                return new Rejected(
                        row,
                        COLUMNS.get(i + 1),
                        RowRejection.PRICE_MALFORMED,
                        String.valueOf(malformed.getMessage()));
            }
        }
        try {
            Bar priced = new Bar(atMillis, prices[0], prices[1], prices[2], prices[3], Usd.ZERO);
            return withVolume(row, priced, cells[5]);
        } catch (IllegalArgumentException contradiction) {
            return new Rejected(
                    row,
                    null,
                    RowRejection.PRICES_CONTRADICT,
                    String.valueOf(contradiction.getMessage()));
        }
    }

    private static BarRow withVolume(int row, Bar bar, String cell) {
        try {
            return new Taken(
                    row,
                    new Bar(
                            bar.atMillis(),
                            bar.open(),
                            bar.high(),
                            bar.low(),
                            bar.close(),
                            Bar.volume(cell)));
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            return new Rejected(
                    row,
                    COLUMNS.getLast(),
                    RowRejection.VOLUME_MALFORMED,
                    String.valueOf(malformed.getMessage()));
        }
    }

    /** How timestamps are written. */
    final class Timestamp {
        private static final DateTimeFormatter FORMAT =
                new DateTimeFormatterBuilder()
                        .append(DateTimeFormatter.ISO_LOCAL_DATE)
                        .appendLiteral(' ')
                        .appendPattern("HH:mm:ss")
                        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                        .toFormatter(Locale.ROOT)
                        .withResolverStyle(ResolverStyle.STRICT);

        private Timestamp() {}

        private static long parse(String text) {
            String spaced = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
            return LocalDateTime.parse(spaced.replace('T', ' '), FORMAT)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        }
    }
}
