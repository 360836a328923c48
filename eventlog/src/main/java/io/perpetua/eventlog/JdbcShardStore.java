package io.perpetua.eventlog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The worker's tables in PostgreSQL. For one thread; it keeps one connection. */
final class JdbcShardStore implements ShardStore<Connection> {
    /** How long a lease lasts after its last renewal. */
    static final String LEASE = "interval '5 seconds'";

    private static final String FENCE =
            "update shard s set until = clock_timestamp() + "
                    + LEASE
                    + " from unnest(?::text[], ?::bigint[]) as f(id, epoch)"
                    + " where s.id = f.id and s.epoch = f.epoch";

    private static final String PROGRESS =
            """
            with offsets as (
                insert into shard_offset (shard, topic, next_offset)
                select * from unnest(?::text[], ?::text[], ?::bigint[])
                on conflict (shard, topic) do update set next_offset = excluded.next_offset),
            marks as (
                insert into mark (shard, topic, source, number)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::bigint[])
                on conflict (shard, topic, source) do update set number = excluded.number),
            channels as (
                insert into channel (source, topic, partition, next_number)
                select * from unnest(?::text[], ?::text[], ?::integer[], ?::bigint[])
                on conflict (source, topic, partition)
                do update set next_number = excluded.next_number),
            confirmed as (
                delete from outbox o using unnest(?::text[], ?::bigint[]) as c(source, batch)
                where o.source = c.source and o.batch = c.batch)
            insert into outbox (source, batch, events)
            select * from unnest(?::text[], ?::bigint[], ?::bytea[])
            """;

    private final HeldConnection held;
    private final OutboxCodec codec = new OutboxCodec();

    JdbcShardStore(DataSource database) {
        this.held = new HeldConnection(database);
    }

    @Override
    public @Nullable Taken takeOver(String shard, String instance, String cluster)
            throws SQLException {
        Connection connection = held.get();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "update shard set epoch = epoch + 1, owner = ?, cluster = coalesce(cluster, ?),"
                                + " until = clock_timestamp() + "
                                + LEASE
                                + " where id = ? and (owner = ? or until < clock_timestamp())"
                                + " returning epoch, cluster")) {
            statement.setString(1, instance);
            statement.setString(2, cluster);
            statement.setString(3, shard);
            statement.setString(4, instance);
            Taken taken = null;
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    taken = new Taken(row.getLong(1), row.getString(2));
                }
            }
            connection.commit();
            return taken;
        }
    }

    @Override
    public void release(Fence fence) throws SQLException {
        Connection connection = held.get();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "update shard set owner = null, until = '-infinity'"
                                + " where id = ? and epoch = ?")) {
            statement.setString(1, fence.shard());
            statement.setLong(2, fence.epoch());
            statement.executeUpdate();
            connection.commit();
        } catch (SQLException failed) {
            held.rollback();
            throw failed;
        }
    }

    @Override
    public Connection beginLoad() throws SQLException {
        Connection connection = held.get();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "set transaction isolation level repeatable read, read only;"
                            + "set local statement_timeout = '2min';"
                            + "set local idle_in_transaction_session_timeout = '2min'");
        }
        held.bePatient(true);
        return connection;
    }

    @Override
    public void endLoad(Connection transaction) throws SQLException {
        transaction.commit();
        held.bePatient(false);
    }

    @Override
    public Recovered recover(Connection transaction, String shard) throws SQLException {
        Map<String, Long> offsets = new HashMap<>();
        Map<String, Map<String, Long>> marks = new HashMap<>();
        Map<String, Map<Integer, Long>> channels = new HashMap<>();
        each(
                transaction,
                "select topic, next_offset from shard_offset where shard = ?",
                shard,
                row -> offsets.put(row.getString(1), row.getLong(2)));
        each(
                transaction,
                "select topic, source, number from mark where shard = ?",
                shard,
                row ->
                        marks.computeIfAbsent(row.getString(1), topic -> new HashMap<>())
                                .put(row.getString(2), row.getLong(3)));
        each(
                transaction,
                "select topic, partition, next_number from channel where source = ?",
                shard,
                row ->
                        channels.computeIfAbsent(row.getString(1), topic -> new HashMap<>())
                                .put(row.getInt(2), row.getLong(3)));
        return new Recovered(offsets, marks, channels, outbox(transaction, shard));
    }

    @Override
    public List<OutboxRow> outbox(Connection transaction, String source) throws SQLException {
        List<OutboxRow> rows = new ArrayList<>();
        each(
                transaction,
                "select batch, events from outbox where source = ? order by batch",
                source,
                row ->
                        rows.add(
                                new OutboxRow(
                                        source,
                                        row.getLong(1),
                                        OutboxCodec.decode(row.getBytes(2)))));
        return rows;
    }

    @Override
    public Connection begin(List<Fence> fences) throws SQLException, FencedException {
        Connection connection = held.get();
        String[] shards = new String[fences.size()];
        long[] epochs = new long[fences.size()];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = fences.get(i).shard();
            epochs[i] = fences.get(i).epoch();
        }
        try (PreparedStatement statement = connection.prepareStatement(FENCE)) {
            statement.setArray(1, texts(connection, shards));
            statement.setArray(2, longs(connection, epochs));
            int held = statement.executeUpdate();
            if (held != shards.length) {
                throw new FencedException(
                        "only " + held + " of " + shards.length + " shards are still ours");
            }
        }
        return connection;
    }

    @Override
    public void commit(Connection transaction, Progress progress) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(PROGRESS)) {
            setOffsets(transaction, statement, progress.offsets());
            setMarks(transaction, statement, progress.marks());
            setChannels(transaction, statement, progress.channels());
            setConfirmed(transaction, statement, progress.confirmed());
            setSent(transaction, statement, progress.sent());
            statement.executeUpdate();
        }
        transaction.commit();
    }

    private static void setOffsets(
            Connection connection, PreparedStatement statement, List<Offset> offsets)
            throws SQLException {
        int count = offsets.size();
        String[] shards = new String[count];
        String[] topics = new String[count];
        long[] next = new long[count];
        for (int i = 0; i < count; i++) {
            Offset offset = offsets.get(i);
            shards[i] = offset.shard();
            topics[i] = offset.topic();
            next[i] = offset.next();
        }
        statement.setArray(1, texts(connection, shards));
        statement.setArray(2, texts(connection, topics));
        statement.setArray(3, longs(connection, next));
    }

    private static void setMarks(
            Connection connection, PreparedStatement statement, List<Mark> marks)
            throws SQLException {
        int count = marks.size();
        String[] shards = new String[count];
        String[] topics = new String[count];
        String[] sources = new String[count];
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            Mark mark = marks.get(i);
            shards[i] = mark.shard();
            topics[i] = mark.topic();
            sources[i] = mark.source();
            numbers[i] = mark.number();
        }
        statement.setArray(4, texts(connection, shards));
        statement.setArray(5, texts(connection, topics));
        statement.setArray(6, texts(connection, sources));
        statement.setArray(7, longs(connection, numbers));
    }

    private static void setChannels(
            Connection connection, PreparedStatement statement, List<ChannelNumber> channels)
            throws SQLException {
        int count = channels.size();
        String[] sources = new String[count];
        String[] topics = new String[count];
        int[] partitions = new int[count];
        long[] next = new long[count];
        for (int i = 0; i < count; i++) {
            ChannelNumber channel = channels.get(i);
            sources[i] = channel.source();
            topics[i] = channel.topic();
            partitions[i] = channel.partition();
            next[i] = channel.next();
        }
        statement.setArray(8, texts(connection, sources));
        statement.setArray(9, texts(connection, topics));
        statement.setArray(10, connection.createArrayOf("int4", boxed(partitions)));
        statement.setArray(11, longs(connection, next));
    }

    private static void setConfirmed(
            Connection connection, PreparedStatement statement, List<OutboxRow> rows)
            throws SQLException {
        String[] sources = new String[rows.size()];
        long[] batches = new long[rows.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = rows.get(i).source();
            batches[i] = rows.get(i).batch();
        }
        statement.setArray(12, texts(connection, sources));
        statement.setArray(13, longs(connection, batches));
    }

    private void setSent(Connection connection, PreparedStatement statement, List<OutboxRow> rows)
            throws SQLException {
        String[] sources = new String[rows.size()];
        long[] batches = new long[rows.size()];
        byte[][] events = new byte[rows.size()][];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = rows.get(i).source();
            batches[i] = rows.get(i).batch();
            events[i] = codec.encode(rows.get(i).events());
        }
        statement.setArray(14, texts(connection, sources));
        statement.setArray(15, longs(connection, batches));
        statement.setArray(16, connection.createArrayOf("bytea", events));
    }

    private static Array texts(Connection connection, String[] values) throws SQLException {
        return connection.createArrayOf("text", values);
    }

    static Array longs(Connection connection, long[] values) throws SQLException {
        Long[] boxed = new Long[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return connection.createArrayOf("int8", boxed);
    }

    private static Integer[] boxed(int[] values) {
        Integer[] boxed = new Integer[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    @Override
    public void rollback() {
        held.rollback();
    }

    @Override
    public void close() {
        held.close();
    }

    private static void each(Connection connection, String sql, String argument, RowReader reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }
}
