package io.perpetua.risk.domain.engine;

import io.perpetua.risk.domain.admission.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The placements known under client order ids, as far as one batch asks for them: looked up
 * beforehand, and added as the batch decides.
 */
public final class Requests {
    private final Set<Request.Key> lookedUp = new HashSet<>();
    private final Map<Request.Key, Request> known = new HashMap<>();

    /** Forgets the last batch. */
    public void clear() {
        lookedUp.clear();
        known.clear();
    }

    /** Takes note that {@code key} has been looked up; nothing was found unless {@link #found}. */
    public void lookedUp(Request.Key key) {
        lookedUp.add(key);
    }

    /** Takes what was found. */
    public void found(Request.Key key, Request request) {
        known.put(key, request);
    }

    /** Adds one that this batch decides. */
    void add(Request.Key key, Request request) {
        known.put(key, request);
    }

    /**
     * What was decided under {@code key}, null where nothing was.
     *
     * @throws IllegalStateException when nobody has looked
     */
    @Nullable Request find(Request.Key key) {
        if (!lookedUp.contains(key)) {
            throw new IllegalStateException("nobody has looked up " + key);
        }
        return known.get(key);
    }
}
