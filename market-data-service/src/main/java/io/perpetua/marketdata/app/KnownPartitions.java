package io.perpetua.marketdata.app;

import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.persistence.HistoryStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which days have a partition to go to, as far as this process has seen, so that shards ask the
 * database once a day. A partition that was dropped since makes their commit fail: whoever loads
 * its state anew forgets.
 */
final class KnownPartitions {
    private final HistoryStore history;
    private final Set<Key> known = ConcurrentHashMap.newKeySet();

    private record Key(String table, long dayMillis) {}

    KnownPartitions(HistoryStore history) {
        this.history = history;
    }

    void forget() {
        known.clear();
    }

    /** Makes what is missing for rows of these times. */
    void prepare(Connection transaction, String table, Collection<Long> atMillis)
            throws SQLException {
        Set<Long> unknown = new HashSet<>();
        for (long at : atMillis) {
            long day = Frame.DAY.begin(at);
            if (!known.contains(new Key(table, day))) {
                unknown.add(day);
            }
        }
        if (!unknown.isEmpty()) {
            List<Long> days = unknown.stream().sorted().toList();
            history.make(transaction, table, days);
            days.forEach(day -> known.add(new Key(table, day)));
        }
    }
}
