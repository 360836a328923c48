package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies a trade. Written as a string in JSON.
 *
 * @param value positive, below 2^53
 */
public record TradeId(long value) implements Comparable<TradeId> {
    /** Refuses what no generator of ours can have made. */
    public TradeId {
        Ids.requireInRange(value);
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static TradeId parse(String text) {
        return new TradeId(Ids.parse(text));
    }

    @Override
    public int compareTo(TradeId other) {
        return Long.compare(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
