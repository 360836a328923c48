package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class RetentionIT {
    private static final Duration KEPT = Duration.ofDays(4);
    private static final long NOW = Gateway.EPOCH_MILLIS + Duration.ofDays(10).toMillis();
    private static final long FIRST_KEPT = Gateway.firstIdAt(NOW - KEPT.toMillis());
    private static final int OLD = 12_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Database database = Backends.shared().createDatabase();
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final AtomicInteger transactions = new AtomicInteger();

    @Test
    void shouldForgetAllThatIsOldWhenStarted() throws SQLException {
        source.setUrl(database.jdbcUrl("orders_owner"));
        try (Connection owner = source.getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("create table kept (id bigint primary key)");
            statement.execute(
                    "insert into kept select %d + n from generate_series(%d, 9) n"
                            .formatted(FIRST_KEPT, -OLD));

            try (Retention retention =
                    new Retention("samples", KEPT, source, () -> NOW, this::forget)) {
                retention.start();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(count(statement)).isEqualTo(10));

                assertThat(retention.forget()).isZero();
            }

            assertThat(transactions).hasValueGreaterThan(OLD / 5_000);
            try (ResultSet row = statement.executeQuery("select min(id) from kept")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(FIRST_KEPT);
            }
        }
    }

    @Test
    void shouldGoOnWhenAnAttemptFails() throws SQLException {
        source.setUrl(database.jdbcUrl("orders_owner"));
        try (Retention retention =
                new Retention("samples", KEPT, source, () -> NOW, this::forget)) {
            retention.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(transactions).hasPositiveValue());
            try (Connection owner = source.getConnection();
                    Statement statement = owner.createStatement()) {
                statement.execute("create table kept as select 1::bigint as id");
            }

            assertThat(retention.forget()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndAtOnceWhenItWasNeverStarted() {
        new Retention("samples", KEPT, source, () -> NOW, this::forget).close();

        assertThat(transactions).hasValue(0);
    }

    /** Counts when the statement has ended: whoever waits for the count comes after it. */
    private int forget(Connection connection, long belowId, int most) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "delete from kept where id in"
                                + " (select id from kept where id < ? order by id limit ?)")) {
            statement.setLong(1, belowId);
            statement.setInt(2, most);
            return statement.executeUpdate();
        } finally {
            transactions.incrementAndGet();
        }
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*) from kept")) {
            row.next();
            return row.getLong(1);
        }
    }
}
