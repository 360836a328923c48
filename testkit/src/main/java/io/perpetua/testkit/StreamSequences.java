package io.perpetua.testkit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether what came on a stream is a chain in each topic: every change must name the change before
 * it, beginning with the snapshot.
 */
public final class StreamSequences {
    private final Map<String, Long> seqs = new HashMap<>();
    private @Nullable String firstGap;
    private long deltas;

    /** Takes the next message. */
    public synchronized void take(String text) {
        if (text.startsWith("{\"type\":\"delta\"")) {
            deltas++;
            String topic = topic(text, ",\"prevSeq\":");
            long prevSeq = number(text, "\"prevSeq\":");
            long seq = number(text, "\"seq\":");
            Long known = seqs.put(topic, seq);
            if (firstGap == null && (known == null || known != prevSeq || seq <= prevSeq)) {
                firstGap = "after " + known + " came " + text;
            }
        } else if (text.startsWith("{\"type\":\"subscribed\"")) {
            seqs.put(topic(text, ",\"seq\":"), number(text, "\"seq\":"));
        }
    }

    private static String topic(String text, String end) {
        return text.substring(text.indexOf("\"channel\":"), text.indexOf(end));
    }

    private static long number(String text, String name) {
        int from = text.indexOf(name) + name.length();
        int to = from;
        while (to < text.length() && Character.isDigit(text.charAt(to))) {
            to++;
        }
        return Long.parseLong(text.substring(from, to));
    }

    /** The first change that did not name the one before it, or null. */
    public synchronized @Nullable String firstGap() {
        return firstGap;
    }

    /** How many changes came. */
    public synchronized long deltas() {
        return deltas;
    }

    /** The newest change of each topic. */
    public synchronized Map<String, Long> seqs() {
        return Map.copyOf(seqs);
    }
}
