package io.perpetua.eventlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The record headers of the event log. {@code channel} holds the event's number, 8 bytes, then the
 * name of its source; {@code reply} holds the reply address as text.
 */
final class ChannelHeader {
    static final String CHANNEL = "channel";
    static final String REPLY = "reply";

    private ChannelHeader() {}

    /** The bytes of the header {@code channel}. */
    static byte[] encode(byte[] source, long number) {
        return ByteBuffer.allocate(Long.BYTES + source.length).putLong(number).put(source).array();
    }

    /** The bytes of the header {@code channel}, or null if there is none or it is too short. */
    static byte @Nullable [] of(Headers headers) {
        Header header = headers.lastHeader(CHANNEL);
        return header == null || header.value() == null || header.value().length <= Long.BYTES
                ? null
                : header.value();
    }

    /** The number within. */
    static long number(byte[] channel) {
        return ByteBuffer.wrap(channel).getLong();
    }

    /** The source's name within. */
    static String source(byte[] channel) {
        return new String(channel, Long.BYTES, channel.length - Long.BYTES, StandardCharsets.UTF_8);
    }

    /** The reply address, if the record has one. */
    static @Nullable String reply(Headers headers) {
        Header header = headers.lastHeader(REPLY);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
