package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies a withdrawal; the custodian is given it as the key that makes sending repeatable.
 * Written as a string in JSON.
 *
 * @param value positive, below 2^53
 */
public record WithdrawalId(long value) implements Comparable<WithdrawalId> {
    /** Refuses what no generator of ours can have made. */
    public WithdrawalId {
        Ids.requireInRange(value);
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static WithdrawalId parse(String text) {
        return new WithdrawalId(Ids.parse(text));
    }

    @Override
    public int compareTo(WithdrawalId other) {
        return Long.compare(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
