package io.perpetua.risk.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Forgets placements under client order ids, the oldest first. One whose order is open is kept,
 * however old: the order can still be cancelled by the client's id for it.
 */
public final class RequestPurge {
    private static final String FORGET =
            """
            delete from requests where ctid = any(array(
                select r.ctid
                from requests r
                where r.order_id < ?
                and not exists (select from open_orders o where o.order_id = r.order_id)
                order by r.order_id
                limit ?
                for update skip locked))
            """;

    private RequestPurge() {}

    /** Forgets at most {@code most} whose order ids are below this; tells how many. */
    public static int forget(Connection connection, long belowOrderId, int most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setLong(1, belowOrderId);
            statement.setInt(2, most);
            return statement.executeUpdate();
        }
    }
}
