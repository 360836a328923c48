package io.perpetua.edge.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gauge {@code perpetua_stream_connections}; counters {@code perpetua_stream_messages_total} by
 * outcome ({@code SENT}; {@code CONFLATED}: a later one of the same key was sent instead) and
 * {@code perpetua_stream_closed_total} by the reason for which the service closed.
 */
@Singleton
class StreamMetrics {
    private final AtomicInteger connections;
    private final Counter sent;
    private final Counter conflated;
    private final Map<StreamClose, Counter> closed = new EnumMap<>(StreamClose.class);

    StreamMetrics(MeterRegistry metrics) {
        connections =
                Objects.requireNonNull(
                        metrics.gauge("perpetua.stream.connections", new AtomicInteger()));
        sent = metrics.counter("perpetua.stream.messages", "outcome", "SENT");
        conflated = metrics.counter("perpetua.stream.messages", "outcome", "CONFLATED");
        for (StreamClose why : StreamClose.values()) {
            closed.put(why, metrics.counter("perpetua.stream.closed", "reason", why.name()));
        }
    }

    void connected() {
        connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    void sent() {
        sent.increment();
    }

    void conflated() {
        conflated.increment();
    }

    void closed(StreamClose why) {
        Objects.requireNonNull(closed.get(why)).increment();
    }
}
