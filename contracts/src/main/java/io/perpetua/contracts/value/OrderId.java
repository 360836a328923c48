package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies an order or another client command: 40 bits of milliseconds since 2026, 5 of the
 * gateway, 8 of count. Written as a string in JSON.
 *
 * @param value positive, below 2^53
 */
public record OrderId(long value) implements Comparable<OrderId> {
    /** Refuses what no generator of ours can have made. */
    public OrderId {
        Ids.requireInRange(value);
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static OrderId parse(String text) {
        return new OrderId(Ids.parse(text));
    }

    @Override
    public int compareTo(OrderId other) {
        return Long.compare(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
