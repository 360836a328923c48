package io.perpetua.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * A record to publish.
 *
 * @param topic the topic's name
 * @param partition computed by the caller
 * @param key the record's key; needed where the topic is compacted
 * @param value its bytes; not to be changed afterwards
 * @param reply the reply address to put in its header, if it ends a command
 */
public record Outgoing(
        String topic, int partition, @Nullable String key, byte[] value, @Nullable String reply) {}
