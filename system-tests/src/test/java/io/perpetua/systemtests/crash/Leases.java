package io.perpetua.systemtests.crash;

import io.perpetua.systemtests.Stack;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Who owns which shard, as the leases' table has it. */
final class Leases {
    private static final int ATTEMPTS = 60;

    private final Stack stack;
    private final String schema;
    private final String kind;

    /** Of orders or risk. */
    Leases(Stack stack, String service) {
        this.stack = stack;
        this.schema = service;
        this.kind = service.equals("orders") ? "orders-markets" : "risk-users";
    }

    /** A shard's owner and how many owners it has had. */
    record Lease(String owner, long epoch) {}

    /** All shards' leases; the database may be away for a while. */
    Map<String, Lease> read() throws InterruptedException {
        SQLException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try (Connection connection = stack.database(schema);
                    PreparedStatement query =
                            connection.prepareStatement(
                                    "select id, owner, epoch from shard where kind = ?")) {
                query.setString(1, kind);
                Map<String, Lease> leases = new TreeMap<>();
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        leases.put(
                                rows.getString(1), new Lease(rows.getString(2), rows.getLong(3)));
                    }
                }
                return leases;
            } catch (SQLException away) {
                last = away;
                Thread.sleep(500);
            }
        }
        throw new IllegalStateException("the leases can't be read", last);
    }

    /** The shards of one owner. */
    Map<String, Lease> of(String owner) throws InterruptedException {
        Map<String, Lease> leases = read();
        leases.values().removeIf(lease -> !owner.equals(lease.owner()));
        return leases;
    }
}
