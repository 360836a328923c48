package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of an outbox row's events: a version byte, the topics' names, then for each event
 * topic index, partition, number, key, reply and value. Integers are base-128 varints; a missing
 * string is length 0, any other is its length + 1.
 */
final class OutboxCodec {
    private static final byte VERSION = 1;

    private byte[] buffer = new byte[1 << 12];
    private int size;

    /** The bytes of {@code events}. The instance is reused; not for two threads at once. */
    byte[] encode(List<Numbered> events) {
        size = 0;
        List<String> topics = new ArrayList<>(4);
        for (Numbered event : events) {
            if (!topics.contains(event.record().topic())) {
                topics.add(event.record().topic());
            }
        }
        putByte(VERSION);
        putLong(topics.size());
        for (String topic : topics) {
            putString(topic);
        }
        putLong(events.size());
        for (Numbered event : events) {
            Outgoing record = event.record();
            putLong(topics.indexOf(record.topic()));
            putLong(record.partition());
            putLong(event.number());
            putString(record.key());
            putString(record.reply());
            putLong(record.value().length);
            putBytes(record.value());
        }
        return Arrays.copyOf(buffer, size);
    }

    /** The events of bytes that {@link #encode} made. */
    static List<Numbered> decode(byte[] bytes) {
        Reader in = new Reader(bytes);
        if (in.readByte() != VERSION) {
            throw new IllegalStateException("an outbox row of an unknown version");
        }
        String[] topics = new String[in.readInt()];
        for (int i = 0; i < topics.length; i++) {
            topics[i] = in.readText();
        }
        int count = in.readInt();
        List<Numbered> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String topic = topics[in.readInt()];
            int partition = in.readInt();
            long number = in.readLong();
            String key = in.readString();
            String reply = in.readString();
            byte[] value = in.readBytes(in.readInt());
            events.add(new Numbered(new Outgoing(topic, partition, key, value, reply), number));
        }
        return events;
    }

    private void putByte(int value) {
        grow(1);
        buffer[size++] = (byte) value;
    }

    private void putLong(long value) {
        grow(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    private void putString(@Nullable String text) {
        if (text == null) {
            putLong(0);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putLong(bytes.length + 1L);
        putBytes(bytes);
    }

    private void putBytes(byte[] bytes) {
        grow(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    private void grow(int more) {
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int readByte() {
            return bytes[at++];
        }

        int readInt() {
            return Math.toIntExact(readLong());
        }

        long readLong() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        @Nullable String readString() {
            int length = readInt();
            return length == 0 ? null : new String(readBytes(length - 1), StandardCharsets.UTF_8);
        }

        String readText() {
            String text = readString();
            if (text == null) {
                throw new IllegalStateException("an outbox row without a topic's name");
            }
            return text;
        }

        byte[] readBytes(int length) {
            byte[] part = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return part;
        }
    }
}
