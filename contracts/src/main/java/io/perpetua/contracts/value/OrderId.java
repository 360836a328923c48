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
    private static final long LIMIT = 1L << 53;

    /** Refuses what no generator of ours can have made. */
    public OrderId {
        if (value <= 0 || value >= LIMIT) {
            throw new IllegalArgumentException("an id lies between 1 and 2^53 - 1");
        }
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static OrderId parse(String text) {
        int length = text.length();
        if (length == 0 || length > 16) {
            throw new IllegalArgumentException("an id is a number of 1 to 16 digits");
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw new IllegalArgumentException("an id is a number of 1 to 16 digits");
            }
        }
        return new OrderId(Long.parseLong(text));
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
