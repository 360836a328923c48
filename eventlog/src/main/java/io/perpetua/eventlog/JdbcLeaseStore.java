package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The keeper's tables in PostgreSQL. For one thread; it keeps one connection. */
final class JdbcLeaseStore implements LeaseStore {
    private static final String RENEW =
            "update shard s set until = clock_timestamp() + "
                    + JdbcShardStore.LEASE
                    + " from (select l.id from shard l"
                    + " join unnest(?::text[], ?::bigint[]) as f(id, epoch)"
                    + " on l.id = f.id and l.epoch = f.epoch"
                    + " for update of l skip locked) as mine where s.id = mine.id";

    private final HeldConnection held;

    JdbcLeaseStore(DataSource database) {
        this.held = new HeldConnection(database);
    }

    @Override
    public void register(String kind, List<String> shards) throws SQLException {
        Connection connection = held.get();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "insert into shard (id, kind) select id, ? from unnest(?::text[]) as s(id)"
                                + " on conflict do nothing")) {
            statement.setString(1, kind);
            statement.setArray(2, connection.createArrayOf("text", shards.toArray()));
            statement.executeUpdate();
            connection.commit();
        } catch (SQLException failed) {
            held.rollback();
            throw failed;
        }
    }

    @Override
    public View beat(String kind, String instance, List<ShardStore.Fence> renewed)
            throws SQLException {
        Connection connection = held.get();
        try {
            heartbeat(connection, kind, instance);
            renew(connection, renewed);
            View view = new View(instances(connection, kind), leases(connection, kind));
            connection.commit();
            return view;
        } catch (SQLException failed) {
            held.rollback();
            throw failed;
        }
    }

    private static void heartbeat(Connection connection, String kind, String instance)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "insert into instance (kind, id, until) values (?, ?, clock_timestamp() + "
                                + JdbcShardStore.LEASE
                                + ") on conflict (kind, id) do update set until = excluded.until")) {
            statement.setString(1, kind);
            statement.setString(2, instance);
            statement.executeUpdate();
        }
    }

    private static void renew(Connection connection, List<ShardStore.Fence> renewed)
            throws SQLException {
        if (renewed.isEmpty()) {
            return;
        }
        String[] shards = new String[renewed.size()];
        long[] epochs = new long[renewed.size()];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = renewed.get(i).shard();
            epochs[i] = renewed.get(i).epoch();
        }
        try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setArray(1, connection.createArrayOf("text", shards));
            statement.setArray(2, JdbcShardStore.longs(connection, epochs));
            statement.executeUpdate();
        }
    }

    private static List<String> instances(Connection connection, String kind) throws SQLException {
        List<String> instances = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select id from instance where kind = ? and until >= clock_timestamp()"
                                + " order by id")) {
            statement.setString(1, kind);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    instances.add(rows.getString(1));
                }
            }
        }
        return instances;
    }

    private static List<Lease> leases(Connection connection, String kind) throws SQLException {
        List<Lease> leases = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select id, owner, epoch, until >= clock_timestamp() from shard where kind = ?")) {
            statement.setString(1, kind);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    leases.add(
                            new Lease(
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getLong(3),
                                    rows.getBoolean(4)));
                }
            }
        }
        return leases;
    }

    @Override
    public void leave(String kind, String instance) throws SQLException {
        Connection connection = held.get();
        try (PreparedStatement statement =
                connection.prepareStatement("delete from instance where kind = ? and id = ?")) {
            statement.setString(1, kind);
            statement.setString(2, instance);
            statement.executeUpdate();
            connection.commit();
        } catch (SQLException failed) {
            held.rollback();
            throw failed;
        }
    }

    @Override
    public void close() {
        held.close();
    }
}
