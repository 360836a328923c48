package io.perpetua.eventlog;

import java.util.Set;

/** The shards of one group that this instance owns at the moment. */
public interface ShardRunner {
    /** Indexes of the shards owned, loaded and running. */
    Set<Integer> owned();

    /** Indexes of the shards that stopped because a record can't be processed. */
    Set<Integer> stopped();

    /** Hands the shards back at once and stops. */
    void close();
}
