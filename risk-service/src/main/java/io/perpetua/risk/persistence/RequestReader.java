package io.perpetua.risk.persistence;

import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.risk.domain.admission.Request;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Looks placements up by client order id: one query, however many. */
public final class RequestReader {
    private static final String FIND =
            """
            select r.subaccount_id, r.client_order_id, r.content_hash, r.order_id
            from unnest(?::bigint[], ?::text[]) as k(subaccount_id, client_order_id)
            join requests r using (subaccount_id, client_order_id)
            """;

    private RequestReader() {}

    /** Those of {@code keys} under which a placement was decided. */
    public static Map<Request.Key, Request> find(
            Connection transaction, Collection<Request.Key> keys) throws SQLException {
        Map<Request.Key, Request> found = new HashMap<>();
        if (keys.isEmpty()) {
            return found;
        }
        Long[] subaccounts =
                keys.stream().map(key -> key.subaccount().value()).toArray(Long[]::new);
        String[] names = keys.stream().map(Request.Key::clientOrderId).toArray(String[]::new);
        try (PreparedStatement statement = transaction.prepareStatement(FIND)) {
            statement.setArray(1, transaction.createArrayOf("bigint", subaccounts));
            statement.setArray(2, transaction.createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(
                            new Request.Key(new SubaccountId(row.getLong(1)), row.getString(2)),
                            new Request(new OrderId(row.getLong(4)), row.getLong(3)));
                }
            }
        }
        return found;
    }
}
