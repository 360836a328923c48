package io.perpetua.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * A record read from the log, in its turn: repeats and records ahead of their turn never get here.
 *
 * @param topic the topic's name
 * @param partition equals the shard's index
 * @param offset its place in the partition
 * @param value the bytes as published; not to be changed
 * @param reply the reply address in its header, if it has one
 */
public record Incoming(
        String topic, int partition, long offset, byte[] value, @Nullable String reply) {}
