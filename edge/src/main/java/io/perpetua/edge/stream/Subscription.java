package io.perpetua.edge.stream;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One topic of one client: which change it was sent last, and those that wait for it to read, one a
 * key, ascending.
 */
final class Subscription {
    private final StreamConnection connection;
    private final Map<String, StreamMessage> waiting = new LinkedHashMap<>();
    private long lastSeq;

    /** After a snapshot as of {@code snapshotSeq}. */
    Subscription(StreamConnection connection, long snapshotSeq) {
        this.connection = connection;
        this.lastSeq = snapshotSeq;
    }

    StreamConnection connection() {
        return connection;
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    int waiting() {
        return waiting.size();
    }

    /** Keeps the change for later and tells whether it replaced one. */
    boolean await(StreamMessage message) {
        boolean replaced = waiting.remove(message.key()) != null;
        waiting.put(message.key(), message);
        return replaced;
    }

    /** The text of the change, which is sent now. */
    String send(StreamMessage message) {
        String text = message.textAfter(lastSeq);
        lastSeq = message.seq();
        return text;
    }

    /** The text of the first that waits, which is sent now. */
    String sendWaiting() {
        Iterator<StreamMessage> all = waiting.values().iterator();
        StreamMessage first = all.next();
        all.remove();
        return send(first);
    }
}
