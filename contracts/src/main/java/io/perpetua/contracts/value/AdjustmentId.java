package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies an adjustment of a balance by administrators, and the approval that it took. Written
 * as a string in JSON.
 *
 * @param value positive, below 2^53
 */
public record AdjustmentId(long value) implements Comparable<AdjustmentId> {
    /** Refuses what no generator of ours can have made. */
    public AdjustmentId {
        Ids.requireInRange(value);
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static AdjustmentId parse(String text) {
        return new AdjustmentId(Ids.parse(text));
    }

    @Override
    public int compareTo(AdjustmentId other) {
        return Long.compare(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
