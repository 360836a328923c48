package io.perpetua.edge.stream;

import java.util.HashMap;
import java.util.Map;

/** Counts streams, all of them and by client address, within their bounds. */
final class StreamGate {
    private final int max;
    private final int perAddressMax;
    private final Map<Long, Integer> byAddress = new HashMap<>();
    private int all;

    StreamGate(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /** Whether one more may come in. */
    enum Verdict {
        ENTERED,
        FULL,
        ADDRESS_FULL
    }

    synchronized Verdict enter(long address) {
        if (all >= max) {
            return Verdict.FULL;
        }
        int ofAddress = byAddress.getOrDefault(address, 0);
        if (ofAddress >= perAddressMax) {
            return Verdict.ADDRESS_FULL;
        }
        all++;
        byAddress.put(address, ofAddress + 1);
        return Verdict.ENTERED;
    }

    synchronized void leave(long address) {
        all--;
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
