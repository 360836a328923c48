package io.perpetua.edge.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one event loop, and the topics as that loop has heard them. But for {@link #offer}
 * only the loop touches it: a client that subscribes between two changes gets the first in its
 * snapshot and the second after it. When more changes wait for the loop than it can catch up with
 * in a moment, only the newest of each key stay, so that it never falls behind for long.
 */
final class StreamLoop {
    private static final int OFFERED_MAX = 64;

    private final Map<StreamTopic, StreamMessage> newest;
    private final Map<StreamTopic, Set<Subscription>> subscribers = new HashMap<>();
    private final Set<StreamConnection> connections = new LinkedHashSet<>();

    /** Changes that the loop has not delivered yet, in their order; its own lock guards it. */
    private final List<StreamMessage> offered = new ArrayList<>();

    /** How many of them there may be before those of one key become one. */
    private int offeredMax = OFFERED_MAX;

    private record Change(StreamTopic topic, String key) {}

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

    /** Takes a change, in the order of its topic; true if the loop has yet to be told of any. */
    boolean offer(StreamMessage message) {
        synchronized (offered) {
            if (offered.size() >= offeredMax) {
                conflate();
                // Changes of many keys are looked through again when there are twice as many.
                offeredMax = Math.max(OFFERED_MAX, 2 * offered.size());
            }
            offered.add(message);
            return offered.size() == 1;
        }
    }

    private void conflate() {
        Map<Change, StreamMessage> newestOfKeys = new LinkedHashMap<>();
        for (StreamMessage message : offered) {
            Change change = new Change(message.topic(), message.key());
            newestOfKeys.remove(change);
            newestOfKeys.put(change, message);
        }
        offered.clear();
        offered.addAll(newestOfKeys.values());
    }

    /** How many changes wait for the loop. */
    int offered() {
        synchronized (offered) {
            return offered.size();
        }
    }

    /** Delivers what was offered. */
    void deliver() {
        List<StreamMessage> changes;
        synchronized (offered) {
            changes = List.copyOf(offered);
            offered.clear();
            offeredMax = OFFERED_MAX;
        }
        for (StreamMessage change : changes) {
            deliver(change);
        }
    }

    /** Gives the change to all subscribers, some of whom it may end. */
    private void deliver(StreamMessage message) {
        newest.put(message.topic(), message);
        Set<Subscription> all = subscribers.get(message.topic());
        if (all != null) {
            for (Subscription subscription : all.toArray(Subscription[]::new)) {
                subscription.connection().deliver(subscription, message);
            }
        }
    }

    void check() {
        for (StreamConnection connection : connections.toArray(StreamConnection[]::new)) {
            connection.check();
        }
    }

    void close(StreamClose why) {
        for (StreamConnection connection : connections.toArray(StreamConnection[]::new)) {
            connection.close(why);
        }
    }
}
