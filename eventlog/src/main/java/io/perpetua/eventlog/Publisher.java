package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends committed events and remembers them until the log has confirmed them. After any failure it
 * sends again, from the first unconfirmed event of every channel: an event behind it may be in the
 * log already, but its readers ignored it.
 */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final int FULL_ROWS = 256;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final LogWriter writer;
    private final LoopMetrics metrics;
    private final ArrayDeque<Sending> sendings = new ArrayDeque<>();
    private final Map<String, List<OutboxRow>> confirmed = new HashMap<>();
    private volatile @Nullable Exception failure;
    private long resendAtMillis;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean waiting;

    Publisher(LogWriter writer, LoopMetrics metrics) {
        this.writer = writer;
        this.metrics = metrics;
    }

    /** Takes over responsibility for a committed row and sends it. */
    void add(OutboxRow row) {
        Sending sending = new Sending(row);
        sendings.addLast(sending);
        if (failure == null && !waiting) {
            sending.send();
        }
    }

    /** Collects confirmations; after a failure, sends again when its pause is over. */
    void turn(long nowMillis) {
        if (failure != null && !waiting) {
            LOG.warn("a send failed, {} batches will be sent again", sendings.size(), failure);
            metrics.resends.increment();
            waiting = true;
            resendAtMillis = nowMillis + pauseMillis;
            pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        }
        if (waiting && nowMillis >= resendAtMillis) {
            writer.reopen();
            waiting = false;
            failure = null;
            resend();
        }
        collect();
        metrics.unconfirmed.set(sendings.size());
    }

    private void resend() {
        Set<Channel> broken = new HashSet<>();
        for (Sending sending : sendings) {
            sending.rewind(broken);
        }
        for (Sending sending : sendings) {
            if (failure != null) {
                return;
            }
            sending.send();
        }
    }

    private void collect() {
        if (failure != null || waiting) {
            return;
        }
        while (!sendings.isEmpty() && sendings.getFirst().remaining.get() == 0) {
            OutboxRow row = sendings.removeFirst().row;
            confirmed.computeIfAbsent(row.source(), source -> new ArrayList<>()).add(row);
            pauseMillis = FIRST_PAUSE_MILLIS;
        }
    }

    /** Rows of a source that need not be kept; they are given again until {@link #deleted}. */
    List<OutboxRow> confirmed(String source) {
        return confirmed.getOrDefault(source, List.of());
    }

    /** The rows that {@link #confirmed} gave are gone from the database. */
    void deleted(String source) {
        confirmed.remove(source);
    }

    /** Whether enough is under way that no more should be decided. */
    boolean full() {
        return sendings.size() >= FULL_ROWS;
    }

    /** How many rows are not confirmed. */
    int unconfirmed() {
        return sendings.size();
    }

    /** The batches of a source that are under way. */
    Set<Long> underWay(String source) {
        Set<Long> batches = new HashSet<>();
        for (Sending sending : sendings) {
            if (sending.row.source().equals(source)) {
                batches.add(sending.row.batch());
            }
        }
        for (OutboxRow row : confirmed(source)) {
            batches.add(row.batch());
        }
        return batches;
    }

    /** Drops what it knows of a source: another owner, or a reload, is responsible now. */
    void forget(String source) {
        confirmed.remove(source);
        for (Iterator<Sending> all = sendings.iterator(); all.hasNext(); ) {
            if (all.next().row.source().equals(source)) {
                all.remove();
            }
        }
    }

    void close() {
        writer.close();
    }

    private record Channel(String source, String topic, int partition) {}

    /** One row on its way, by channel. */
    private final class Sending {
        final OutboxRow row;
        final byte[] source;
        final List<Part> parts = new ArrayList<>(4);
        final AtomicInteger remaining;

        Sending(OutboxRow row) {
            this.row = row;
            this.source = row.source().getBytes(StandardCharsets.UTF_8);
            this.remaining = new AtomicInteger(row.events().size());
            for (Numbered event : row.events()) {
                part(event.record()).events.add(event);
            }
        }

        private Part part(Outgoing record) {
            for (Part part : parts) {
                if (part.partition == record.partition() && part.topic.equals(record.topic())) {
                    return part;
                }
            }
            Part part = new Part(this, record.topic(), record.partition());
            parts.add(part);
            return part;
        }

        void send() {
            for (Part part : parts) {
                for (int i = part.confirmed; i < part.events.size() && failure == null; i++) {
                    Numbered event = part.events.get(i);
                    writer.send(event.record(), ChannelHeader.encode(source, event.number()), part);
                }
            }
        }

        void rewind(Set<Channel> broken) {
            int unconfirmed = 0;
            for (Part part : parts) {
                Channel channel = new Channel(row.source(), part.topic, part.partition);
                if (broken.contains(channel)) {
                    part.confirmed = 0;
                } else if (part.confirmed < part.events.size()) {
                    broken.add(channel);
                }
                part.failed = false;
                unconfirmed += part.events.size() - part.confirmed;
            }
            remaining.set(unconfirmed);
        }
    }

    /** A row's events of one channel, and how many of them, from the first, are confirmed. */
    private final class Part implements LogWriter.Outcome {
        final Sending sending;
        final String topic;
        final int partition;
        final List<Numbered> events = new ArrayList<>(4);
        int confirmed;
        boolean failed;

        Part(Sending sending, String topic, int partition) {
            this.sending = sending;
            this.topic = topic;
            this.partition = partition;
        }

        @Override
        public void done(@Nullable Exception cause) {
            if (cause != null) {
                failed = true;
                failure = cause;
            } else if (!failed) {
                confirmed++;
                sending.remaining.decrementAndGet();
            }
        }
    }
}
