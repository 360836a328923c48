package io.perpetua.marketdata.domain.candle;

import io.perpetua.marketdata.domain.oracle.Bar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Rows of recorded one-minute history, judged one by one: a wrong row is reported and does not keep
 * the others out.
 *
 * @param taken by their minutes, in the order of the rows
 * @param rejected in the order of the rows
 */
public record BarSheet(Map<Long, BarRow.Taken> taken, List<BarRow.Rejected> rejected) {
    /** Before this there is nothing to be imported: it bounds what a wrong year can bring about. */
    private static final long EARLIEST_MILLIS =
            Instant.parse("2009-01-01T00:00:00Z").toEpochMilli();

    /**
     * From lines below the header.
     *
     * @param firstRow the number of the first line in the file
     * @param keptFromMillis before this nothing is kept
     * @param nowMillis bars are over by now
     */
    public static BarSheet read(
            List<String> lines, int firstRow, long keptFromMillis, long nowMillis) {
        Map<Long, BarRow.Taken> taken = new LinkedHashMap<>();
        List<BarRow.Rejected> rejected = new ArrayList<>();
        long fromMillis = Math.max(keptFromMillis, EARLIEST_MILLIS);
        for (int i = 0; i < lines.size(); i++) {
            switch (timed(BarRow.parse(firstRow + i, lines.get(i)), fromMillis, nowMillis)) {
                case BarRow.Rejected row -> rejected.add(row);
                case BarRow.Taken row -> {
                    if (taken.putIfAbsent(row.bar().atMillis(), row) != null) {
                        rejected.add(
                                row.rejected(
                                        RowRejection.MINUTE_REPEATED,
                                        "a row before it has the same minute"));
                    }
                }
            }
        }
        return new BarSheet(taken, rejected);
    }

    /** Judges the time of a row, which comes before all but its malformedness. */
    private static BarRow timed(BarRow row, long fromMillis, long nowMillis) {
        if (!(row instanceof BarRow.Taken taken)) {
            return row;
        }
        long atMillis = taken.bar().atMillis();
        if (Frame.MINUTE.begin(atMillis) != atMillis) {
            return taken.rejected(
                    RowRejection.TIMESTAMP_BEGINS_NO_MINUTE, "a bar begins at a whole minute");
        }
        if (atMillis < fromMillis || atMillis > nowMillis - Frame.MINUTE.millis()) {
            return taken.rejected(
                    RowRejection.TIMESTAMP_OUT_OF_RANGE,
                    "a bar lies between " + Instant.ofEpochMilli(fromMillis) + " and now");
        }
        return row;
    }

    /** What becomes of it, given the minutes of it that were imported before. */
    public Outcome against(List<Candle> known) {
        List<BarRow.Rejected> all = new ArrayList<>(rejected);
        Map<Long, BarRow.Taken> fresh = new LinkedHashMap<>(taken);
        int unchanged = 0;
        for (Candle candle : known) {
            BarRow.Taken row = Objects.requireNonNull(fresh.remove(candle.openMillis()));
            if (Candle.of(row.bar()).equals(candle)) {
                unchanged++;
            } else {
                all.add(
                        row.rejected(
                                RowRejection.MINUTE_DIFFERS,
                                "the minute was imported before, with other content"));
            }
        }
        all.sort(Comparator.comparingInt(BarRow.Rejected::row));
        return new Outcome(fresh.values().stream().map(BarRow.Taken::bar).toList(), unchanged, all);
    }

    /**
     * What became of a sheet.
     *
     * @param imported bars that are new
     * @param unchanged how many were there before, as they are
     * @param rejected in the order of the rows
     */
    public record Outcome(List<Bar> imported, int unchanged, List<BarRow.Rejected> rejected) {}
}
