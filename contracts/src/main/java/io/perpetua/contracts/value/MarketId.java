package io.perpetua.contracts.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies a market: small, dense, never reused; its remainder modulo the market partitions names
 * its shard. Written as a string in JSON.
 *
 * @param value positive, below 2^20
 */
public record MarketId(int value) implements Comparable<MarketId> {
    private static final int LIMIT = 1 << 20;

    /** Refuses what no generator of ours can have made. */
    public MarketId {
        if (value <= 0 || value >= LIMIT) {
            throw new IllegalArgumentException("an id lies between 1 and 2^20 - 1");
        }
    }

    /** From its decimal digits. @throws IllegalArgumentException if it is no such id */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static MarketId parse(String text) {
        return new MarketId((int) Math.min(Ids.parse(text), LIMIT));
    }

    @Override
    public int compareTo(MarketId other) {
        return Integer.compare(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
