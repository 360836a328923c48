package io.perpetua.edge.stream;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on a stream.
 *
 * @param op {@code subscribe}, {@code unsubscribe} or {@code ping}
 * @param id the client's own name for the request, told again in its answer
 */
@RegisterForReflection
public record StreamRequest(
        String op,
        @Nullable String id,
        @Nullable String channel,
        @Nullable String market,
        @Nullable String interval) {
    static final String SUBSCRIBE = "subscribe";
    static final String UNSUBSCRIBE = "unsubscribe";
    static final String PING = "ping";
    static final int LONGEST_ID = 64;
}
