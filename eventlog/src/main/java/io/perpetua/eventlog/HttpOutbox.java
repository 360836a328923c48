package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Numbers and stores the events of a transaction that began with HTTP, as its last act. */
final class HttpOutbox {
    /** Rows are taken in the arrays' order, which is the channels' order for every caller. */
    private static final String TAKE =
            "insert into channel as c (source, topic, partition, next_number)"
                    + " select ?, topic, partition, 1 + events"
                    + " from unnest(?::text[], ?::integer[], ?::bigint[])"
                    + " with ordinality as wanted(topic, partition, events, place) order by place"
                    + " on conflict (source, topic, partition) do update"
                    + " set next_number = c.next_number + excluded.next_number - 1"
                    + " returning topic, partition, next_number";

    private HttpOutbox() {}

    static void emit(Connection transaction, String source, List<Outgoing> records)
            throws SQLException {
        if (records.isEmpty()) {
            return;
        }
        if (transaction.getAutoCommit()) {
            throw new IllegalStateException("events are stored only within a transaction");
        }
        SortedMap<Channel, Long> counts = new TreeMap<>();
        for (Outgoing record : records) {
            if (record.value().length > Slot.LONGEST_VALUE_BYTES) {
                throw new IllegalArgumentException("a record is more than the log takes");
            }
            counts.merge(new Channel(record.topic(), record.partition()), 1L, Long::sum);
        }
        Map<Channel, Long> next = take(transaction, source, counts);
        List<Numbered> events = new ArrayList<>(records.size());
        for (Outgoing record : records) {
            long number =
                    next.merge(new Channel(record.topic(), record.partition()), 1L, Long::sum) - 1;
            events.add(new Numbered(record, number));
        }
        try (PreparedStatement insert =
                transaction.prepareStatement("insert into outbox (source, events) values (?, ?)")) {
            insert.setString(1, source);
            insert.setBytes(2, new OutboxCodec().encode(events));
            insert.executeUpdate();
        }
    }

    /** The first number of each channel; the rows stay locked to the end of the transaction. */
    private static Map<Channel, Long> take(
            Connection transaction, String source, SortedMap<Channel, Long> counts)
            throws SQLException {
        String[] topics = new String[counts.size()];
        Integer[] partitions = new Integer[counts.size()];
        Long[] events = new Long[counts.size()];
        int place = 0;
        for (Map.Entry<Channel, Long> count : counts.entrySet()) {
            topics[place] = count.getKey().topic();
            partitions[place] = count.getKey().partition();
            events[place++] = count.getValue();
        }
        Map<Channel, Long> first = new HashMap<>();
        try (PreparedStatement take = transaction.prepareStatement(TAKE)) {
            take.setString(1, source);
            take.setArray(2, transaction.createArrayOf("text", topics));
            take.setArray(3, transaction.createArrayOf("int4", partitions));
            take.setArray(4, transaction.createArrayOf("int8", events));
            try (ResultSet rows = take.executeQuery()) {
                while (rows.next()) {
                    Channel channel = new Channel(rows.getString(1), rows.getInt(2));
                    first.put(channel, rows.getLong(3) - counts.getOrDefault(channel, 0L));
                }
            }
        }
        return first;
    }

    private record Channel(String topic, int partition) implements Comparable<Channel> {
        @Override
        public int compareTo(Channel other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
        }
    }
}
