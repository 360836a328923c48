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

    private static final String COMMIT =
            """
            with held as (
                update shard s set until = clock_timestamp() + %s,
                    progress = coalesce(f.progress::json, s.progress)
                from unnest(?::text[], ?::bigint[], ?::text[]) as f(id, epoch, progress)
                where s.id = f.id and s.epoch = f.epoch returning 1),
            confirmed as (
                delete from outbox o using unnest(?::text[], ?::bigint[]) as c(source, batch)
                where o.source = c.source and o.batch = c.batch),
            sent as (
                insert into outbox (source, batch, events)
                select * from unnest(?::text[], ?::bigint[], ?::bytea[]))
            select count(*) from held
            """
                    .formatted(LEASE);

    private final HeldConnection held;
    private final OutboxCodec codec = new OutboxCodec();
    private boolean inBatch;

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
                            + "set local idle_in_transaction_session_timeout = '2min';"
                            + HeldConnection.WHOLE_TABLES);
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
                "select topic, partition, next_number from shard_channel where source = ?",
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
    public boolean owns(Fence fence) throws SQLException {
        try (PreparedStatement statement =
                held.get().prepareStatement("select from shard where id = ? and epoch = ?")) {
            statement.setString(1, fence.shard());
            statement.setLong(2, fence.epoch());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        } finally {
            if (!inBatch) {
                held.rollback();
            }
        }
    }

    @Override
    public Connection begin() throws SQLException {
        Connection connection = held.get();
        inBatch = true;
        return connection;
    }

    @Override
    public void commit(Connection transaction, Writes writes, Batch batch)
            throws SQLException, FencedException {
        try (PreparedStatement statement = writes.prepare(transaction, COMMIT)) {
            int before = writes.count();
            setMoved(transaction, statement, before, batch.shards());
            setConfirmed(transaction, statement, before, batch.confirmed());
            setSent(transaction, statement, before, batch.sent());
            try (ResultSet row = lastResult(statement)) {
                row.next();
                int wanted = batch.shards().size();
                int held = row.getInt(1);
                if (held != wanted) {
                    throw new FencedException(
                            "only " + held + " of " + wanted + " shards are still ours");
                }
            }
        }
        transaction.commit();
        inBatch = false;
    }

    /** What the closing statement gives, behind the row counts of those before it. */
    private static ResultSet lastResult(PreparedStatement statement) throws SQLException {
        boolean isRows = statement.execute();
        while (!isRows) {
            if (statement.getUpdateCount() < 0) {
                throw new IllegalStateException("the closing statement gave no row");
            }
            isRows = statement.getMoreResults();
        }
        return statement.getResultSet();
    }

    private static void setMoved(
            Connection connection, PreparedStatement statement, int before, List<Moved> moved)
            throws SQLException {
        String[] shards = new String[moved.size()];
        long[] epochs = new long[moved.size()];
        String[] progress = new String[moved.size()];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = moved.get(i).fence().shard();
            epochs[i] = moved.get(i).fence().epoch();
            progress[i] = moved.get(i).progress();
        }
        statement.setArray(before + 1, texts(connection, shards));
        statement.setArray(before + 2, longs(connection, epochs));
        statement.setArray(before + 3, texts(connection, progress));
    }

    private static void setConfirmed(
            Connection connection, PreparedStatement statement, int before, List<OutboxRow> rows)
            throws SQLException {
        String[] sources = new String[rows.size()];
        long[] batches = new long[rows.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = rows.get(i).source();
            batches[i] = rows.get(i).batch();
        }
        statement.setArray(before + 4, texts(connection, sources));
        statement.setArray(before + 5, longs(connection, batches));
    }

    private void setSent(
            Connection connection, PreparedStatement statement, int before, List<OutboxRow> rows)
            throws SQLException {
        String[] sources = new String[rows.size()];
        long[] batches = new long[rows.size()];
        byte[][] events = new byte[rows.size()][];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = rows.get(i).source();
            batches[i] = rows.get(i).batch();
            events[i] = codec.encode(rows.get(i).events());
        }
        statement.setArray(before + 6, texts(connection, sources));
        statement.setArray(before + 7, longs(connection, batches));
        statement.setArray(before + 8, connection.createArrayOf("bytea", events));
    }

    private static Array texts(Connection connection, @Nullable String[] values)
            throws SQLException {
        return connection.createArrayOf("text", values);
    }

    static Array longs(Connection connection, long[] values) throws SQLException {
        Long[] boxed = new Long[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return connection.createArrayOf("int8", boxed);
    }

    @Override
    public void rollback() {
        inBatch = false;
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
