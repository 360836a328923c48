package io.perpetua.contracts;

/**
 * A Kafka topic: its name, how it is keyed and why, and what its records are.
 *
 * @param name {@code <publisher>.<stream>.v<n>}
 * @param spread what its records are spread over
 * @param retention whether every record counts, for how long, or only the newest of a key
 * @param key what the key is
 * @param reason why it is keyed so
 * @param records the sealed interface or record of its JSON values
 */
public record Topic(
        String name,
        Spread spread,
        Retention retention,
        String key,
        String reason,
        Class<?> records) {
    /** How many partitions: fixed when the topic is made, changing it is an offline re-key. */
    public int partitions() {
        return switch (spread) {
            case USERS -> Partitions.USERS;
            case MARKETS -> Partitions.MARKETS;
        };
    }

    /** What the records of a topic are spread over, one partition a shard. */
    public enum Spread {
        /** The user shards. */
        USERS,
        /** The market shards. */
        MARKETS
    }

    /** What the log keeps. */
    public enum Retention {
        /** Every record is kept for the retention time and counted by its readers. */
        HISTORY,
        /** Every record matters, and none for longer than two days: the log forgets them then. */
        TWO_DAYS,
        /** Only the newest record of a key matters; the topic is compacted. */
        NEWEST
    }
}
