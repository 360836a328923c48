package io.perpetua.risk.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.eventlog.Gateway;
import io.perpetua.risk.RiskDatabase;
import io.perpetua.risk.persistence.RequestPurge;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestRetentionIT {
    private static final long KEPT_FROM_MILLIS = Gateway.EPOCH_MILLIS + 1_000_000;
    private static final long FIRST_KEPT = Gateway.firstIdAt(KEPT_FROM_MILLIS);

    @Test
    void shouldForgetWhatIsOldAndEndedWhenAsked() throws SQLException {
        try (Connection shard = RiskDatabase.create().as("risk_shard").getConnection();
                Statement statement = shard.createStatement()) {
            // Given
            request(statement, "old", 1);
            request(statement, "last-old", FIRST_KEPT - 1);
            request(statement, "first-kept", FIRST_KEPT);
            request(statement, "old-and-open", 2);
            statement.execute(
                    "insert into open_orders values (2, 10, 1, 1, 1, true, 1, 1, 0, 1, false,"
                            + " false, 0)");

            // When, then
            assertThat(RequestPurge.forget(shard, FIRST_KEPT, 1)).isEqualTo(1);
            assertThat(known(statement)).containsExactly("first-kept", "last-old", "old-and-open");
            assertThat(RequestPurge.forget(shard, FIRST_KEPT, 10)).isEqualTo(1);
            assertThat(RequestPurge.forget(shard, FIRST_KEPT, 10)).isZero();
            assertThat(known(statement)).containsExactly("first-kept", "old-and-open");

            statement.execute("delete from open_orders");
            assertThat(RequestPurge.forget(shard, FIRST_KEPT, 10)).isEqualTo(1);
            assertThat(known(statement)).containsExactly("first-kept");
        }
    }

    @Test
    void shouldNotWaitWhenAnotherInstanceForgetsTheSame() throws SQLException {
        RiskDatabase database = RiskDatabase.create();
        try (Connection first = database.as("risk_shard").getConnection();
                Connection second = database.as("risk_shard").getConnection();
                Statement statement = first.createStatement()) {
            request(statement, "a", 1);
            request(statement, "b", 2);
            first.setAutoCommit(false);
            assertThat(RequestPurge.forget(first, FIRST_KEPT, 1)).isEqualTo(1);

            assertThat(RequestPurge.forget(second, FIRST_KEPT, 10)).isEqualTo(1);

            first.commit();
            assertThat(known(statement)).isEmpty();
        }
    }

    private static void request(Statement statement, String id, long order) throws SQLException {
        statement.execute("insert into requests values (10, '%s', 1, 7, %d)".formatted(id, order));
    }

    private static List<String> known(Statement statement) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery("select client_order_id from requests order by 1")) {
            while (row.next()) {
                ids.add(row.getString(1));
            }
        }
        return ids;
    }
}
