package io.perpetua.marketdata.domain.candle;

import java.util.Arrays;
import java.util.List;

/**
 * The length of a candle. Frames begin at whole multiples of their length since 1970 UTC, and each
 * is a whole multiple of the one before it, so a longer frame is made of whole shorter ones.
 */
public enum Frame {
    /** A minute, of which all longer ones are made. */
    MINUTE("1m", 60_000L),
    /** Five minutes. */
    FIVE_MINUTES("5m", 300_000L),
    /** A quarter of an hour. */
    QUARTER("15m", 900_000L),
    /** An hour. */
    HOUR("1h", 3_600_000L),
    /** Four hours. */
    FOUR_HOURS("4h", 14_400_000L),
    /** A day. */
    DAY("1d", 86_400_000L);

    private final String label;
    private final long millis;

    Frame(String label, long millis) {
        this.label = label;
        this.millis = millis;
    }

    /** From its label. @throws IllegalArgumentException when it is none of them */
    public static Frame parse(String label) {
        for (Frame frame : values()) {
            if (frame.label.equals(label)) {
                return frame;
            }
        }
        throw new IllegalArgumentException("a frame is one of " + String.join(", ", labels()));
    }

    private static List<String> labels() {
        return Arrays.stream(values()).map(Frame::toString).toList();
    }

    /** Its length. */
    public long millis() {
        return millis;
    }

    /** When the frame began that {@code atMillis} is in. */
    public long begin(long atMillis) {
        return Math.floorDiv(atMillis, millis) * millis;
    }

    /** The beginning of the first frame that begins at or after {@code atMillis}. */
    public long beginFrom(long atMillis) {
        return -begin(-atMillis);
    }

    /** Its label: {@code 15m}. */
    @Override
    public String toString() {
        return label;
    }
}
