package io.perpetua.edge.stream;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one event loop, and the topics as that loop has heard them. Only the loop touches
 * it: a client that subscribes between two changes gets the first in its snapshot and the second
 * after it.
 */
final class StreamLoop {
    private final Map<StreamTopic, StreamMessage> newest;
    private final Map<StreamTopic, Set<Subscription>> subscribers = new HashMap<>();
    private final Set<StreamConnection> connections = new LinkedHashSet<>();

    /** With the topics as they stand. */
    StreamLoop(Map<StreamTopic, StreamMessage> newest) {
        this.newest = new HashMap<>(newest);
    }

    @Nullable StreamMessage newest(StreamTopic topic) {
        return newest.get(topic);
    }

    void add(StreamConnection connection) {
        connections.add(connection);
    }

    void remove(StreamConnection connection) {
        connection.leave();
        connections.remove(connection);
    }

    void subscribe(StreamTopic topic, Subscription subscription) {
        subscribers.computeIfAbsent(topic, first -> new LinkedHashSet<>()).add(subscription);
    }

    void unsubscribe(StreamTopic topic, Subscription subscription) {
        Set<Subscription> all = subscribers.get(topic);
        if (all != null && all.remove(subscription) && all.isEmpty()) {
            subscribers.remove(topic);
        }
    }

    /** Gives the change to all subscribers, some of whom it may end. */
    void deliver(StreamMessage message, long nowMillis) {
        newest.put(message.topic(), message);
        Set<Subscription> all = subscribers.get(message.topic());
        if (all != null) {
            for (Subscription subscription : all.toArray(Subscription[]::new)) {
                subscription.connection().deliver(subscription, message, nowMillis);
            }
        }
    }

    void check(long nowMillis) {
        for (StreamConnection connection : connections.toArray(StreamConnection[]::new)) {
            connection.check(nowMillis);
        }
    }

    void close(StreamClose why, long nowMillis) {
        for (StreamConnection connection : connections.toArray(StreamConnection[]::new)) {
            connection.close(why, nowMillis);
        }
    }
}
