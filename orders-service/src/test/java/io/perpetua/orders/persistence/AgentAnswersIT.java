package io.perpetua.orders.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.orders.OrdersDatabase;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class AgentAnswersIT {
    private static final long FIRST_KEPT = 1_000;

    @Test
    void shouldForgetTheOldestWhenSeveralInstancesDo() throws SQLException {
        Database database = OrdersDatabase.create();
        try (Connection first = database.connect("orders_shard");
                Connection second = database.connect("orders_shard");
                Statement statement = first.createStatement()) {
            for (long id : new long[] {1, 2, FIRST_KEPT - 1, FIRST_KEPT, FIRST_KEPT + 1}) {
                statement.execute("insert into agent_answers values (%d, 7, '{}')".formatted(id));
            }
            first.setAutoCommit(false);

            assertThat(AgentAnswers.forget(first, FIRST_KEPT, 2)).isEqualTo(2);
            assertThat(AgentAnswers.forget(second, FIRST_KEPT, 10)).isEqualTo(1);
            first.commit();

            assertThat(AgentAnswers.forget(second, FIRST_KEPT, 10)).isZero();
            assertThat(AgentAnswers.forget(second, Long.MAX_VALUE, 10)).isEqualTo(2);
        }
    }
}
