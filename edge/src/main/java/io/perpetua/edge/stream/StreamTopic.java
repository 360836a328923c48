package io.perpetua.edge.stream;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be subscribed to: a channel, and what of it. Its words need no escape in JSON. */
public record StreamTopic(String channel, @Nullable String market, @Nullable String interval) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]{1,32}");

    /** Refuses what is no word. */
    public StreamTopic {
        requireWord(channel);
        if (market != null) {
            requireWord(market);
        }
        if (interval != null) {
            requireWord(interval);
        }
    }

    private static void requireWord(String text) {
        if (!WORD.matcher(text).matches()) {
            throw new IllegalArgumentException("a topic is named by plain words");
        }
    }

    /** Its fields, as they stand in every message about it. */
    String json() {
        StringBuilder json = new StringBuilder(64);
        json.append("\"channel\":\"").append(channel).append('"');
        if (market != null) {
            json.append(",\"market\":\"").append(market).append('"');
        }
        if (interval != null) {
            json.append(",\"interval\":\"").append(interval).append('"');
        }
        return json.toString();
    }
}
