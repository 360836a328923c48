package io.perpetua.edge.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Where a service publishes what its streams are about; every event loop hears it in order. */
@Singleton
public class StreamHub {
    private static final long CHECK_MILLIS = 1_000;

    private final ObjectMapper json;
    private final Map<StreamTopic, StreamMessage> newest = new HashMap<>();
    private final Map<EventLoop, StreamLoop> loops = new HashMap<>();

    StreamHub(ObjectMapper json) {
        this.json = json;
    }

    /**
     * Publishes a change of a topic. One whose {@code seq} is not above the last is a repeat and
     * goes nowhere.
     *
     * @param seq rises with each change of the topic, from 1
     * @param key a later change of the same key says all that this one does: to a client that reads
     *     slowly only the later is sent
     * @param data is written as a JSON object; the newest is the snapshot of who comes later
     */
    public synchronized void publish(StreamTopic topic, long seq, String key, Object data) {
        StreamMessage before = newest.get(topic);
        long prevSeq = before == null ? 0 : before.seq();
        if (seq <= prevSeq) {
            return;
        }
        StreamMessage message = StreamMessage.of(topic, seq, prevSeq, key, text(data));
        newest.put(topic, message);
        loops.forEach(
                (thread, loop) -> {
                    if (loop.offer(message)) {
                        execute(thread, loop::deliver);
                    }
                });
    }

    private String text(Object data) {
        try {
            return json.writeValueAsString(data);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The streams of an event loop. */
    synchronized StreamLoop of(EventLoop thread) {
        StreamLoop known = loops.get(thread);
        if (known != null) {
            return known;
        }
        StreamLoop loop = new StreamLoop(newest);
        loops.put(thread, loop);
        var _ =
                thread.scheduleWithFixedDelay(
                        loop::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        return loop;
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        loops.forEach((thread, loop) -> execute(thread, () -> loop.close(StreamClose.GOING_AWAY)));
    }

    private static void execute(EventLoop thread, Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException stopped) {
            // The loop has ended, and its connections with it.
            return;
        }
    }
}
