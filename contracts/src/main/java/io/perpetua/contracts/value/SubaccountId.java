package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies a subaccount, the unit of margin; it never changes its user. Written as a string in
 * JSON.
 *
 * @param value positive, below 2^53
 */
public record SubaccountId(long value) implements Comparable<SubaccountId> {
    /** Refuses what no generator of ours can have made. */
    public SubaccountId {
        Ids.requireInRange(value);
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static SubaccountId parse(String text) {
        return new SubaccountId(Ids.parse(text));
    }

    @Override
    public int compareTo(SubaccountId other) {
        return Long.compare(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
