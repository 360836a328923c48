package io.perpetua.orders.persistence;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/** What agents' cancels and amendments were answered; {@link MarketWriter} writes them. */
public final class AgentAnswers {
    private static final String FORGET =
            """
            delete from agent_answers where ctid = any(array(
                select ctid from agent_answers where command_id < ? order by command_id limit ?
                for update skip locked))
            """;

    private AgentAnswers() {}

    /** The event that answered the user's command of this id. */
    public static Optional<OrderEvent> find(Connection transaction, UserId user, OrderId command)
            throws SQLException {
        return new Query(
                        "select event from agent_answers where user_id = ? and command_id = ?",
                        user.value(),
                        command.value())
                .list(transaction, row -> event(row.getString(1))).stream().findFirst();
    }

    private static OrderEvent event(String json) {
        return EventCodec.decode(OrderEvent.class, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Forgets at most {@code most} whose command ids are below this; tells how many. */
    public static int forget(Connection connection, long belowCommandId, int most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setLong(1, belowCommandId);
            statement.setInt(2, most);
            return statement.executeUpdate();
        }
    }
}
