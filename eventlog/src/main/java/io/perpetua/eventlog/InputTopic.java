package io.perpetua.eventlog;

/**
 * A topic that a shard reads: partition n belongs to shard n.
 *
 * @param topic its name
 * @param kind how its records are accepted and what happens when one can't be processed
 * @param isAwaited whether somebody waits for what comes of a record; one that nobody waits for may
 *     wait some milliseconds itself, to share its batch with one that is awaited
 */
public record InputTopic(String topic, Kind kind, boolean isAwaited) {
    /** An input whose records are awaited. */
    public InputTopic(String topic, Kind kind) {
        this(topic, kind, true);
    }

    /** Where records come from. */
    public enum Kind {
        /**
         * From other shards or the relay, numbered by channel: accepted exactly once and in order.
         * One that throws stops its shard, loudly; it is never skipped.
         */
        EVENTS,
        /**
         * From clients, by way of a gateway, not numbered. One that throws three times is refused
         * by {@link Shard#refuse} and copied to the dead letters.
         */
        COMMANDS
    }
}
