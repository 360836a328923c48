package io.perpetua.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows as PostgreSQL gets them. */
class RowArrayIT {
    private static final String INSERT = "insert into sample select * from unnest(?)";

    private final Database database = Backends.shared().createDatabase();
    private Connection connection;

    @BeforeEach
    void createTable() throws SQLException {
        connection = database.connect("orders_owner");
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    create type sample_row as (
                        a bigint, b integer, c smallint, d boolean, e text, f bigint);
                    create table sample (
                        a bigint, b integer, c smallint, d boolean, e text, f bigint);
                    """);
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void shouldStoreEveryValueAsItIs() throws SQLException {
        RowArray rows = new RowArray(INSERT, "sample_row", 6);
        rows.row()
                .bigint(Long.MIN_VALUE)
                .integer(Integer.MIN_VALUE)
                .smallint(Short.MIN_VALUE)
                .bool(true)
                .text("a \"quoted\", {braced} \u20ac \ud83d\ude00")
                .bigint(Long.valueOf(7));
        rows.row()
                .bigint(Long.MAX_VALUE)
                .integer(-1)
                .smallint((short) 300)
                .bool(false)
                .text("")
                .bigint(null);
        rows.row().bigint(0).integer(0).smallint((short) 0).bool(false).text(null).bigint(1);

        write(rows);

        assertThat(stored())
                .containsExactlyInAnyOrder(
                        "-9223372036854775808|-2147483648|-32768|true"
                                + "|a \"quoted\", {braced} \u20ac \ud83d\ude00|7",
                        "9223372036854775807|-1|300|false||null",
                        "0|0|0|false|null|1");
    }

    @Test
    void shouldTakeAnyNumberOfRows() throws SQLException {
        for (int count : List.of(0, 1, 5_000)) {
            RowArray rows = new RowArray(INSERT, "sample_row", 6);
            for (int i = 0; i < count; i++) {
                rows.row()
                        .bigint(i)
                        .integer(i)
                        .smallint((short) 1)
                        .bool(true)
                        .text("x".repeat(i % 50))
                        .bigint(null);
            }

            write(rows);
        }

        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*), sum(a), sum(length(e)) from sample")) {
            row.next();
            assertThat(row.getLong(1)).isEqualTo(5_001);
            assertThat(row.getLong(2)).isEqualTo(4_999L * 5_000 / 2);
            assertThat(row.getLong(3)).isEqualTo(100L * (49 * 50 / 2));
        }
    }

    @Test
    void shouldSendNoRowThatIsNotWhole() {
        RowArray rows = new RowArray(INSERT, "sample_row", 6);
        rows.row().bigint(1).integer(2);

        assertThatThrownBy(rows::row).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> write(rows)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRunAllStatementsInTheirOrder() throws SQLException {
        RowArray first = new RowArray(INSERT, "sample_row", 6);
        first.row().bigint(1).integer(1).smallint((short) 1).bool(true).text("a").bigint(null);
        first.row().bigint(2).integer(2).smallint((short) 1).bool(true).text("b").bigint(null);
        RowArray second = new RowArray(INSERT, "sample_row", 6);
        second.row().bigint(1).integer(3).smallint((short) 1).bool(true).text("c").bigint(null);
        Writes writes = new Writes();
        writes.add(first);
        writes.add("delete from sample where a = any(?)", List.of(1L, 7L));
        writes.add("delete from sample where a = any(?)", List.of());
        writes.add(new RowArray(INSERT, "sample_row", 6));
        writes.add(second);

        writes.execute(connection);

        assertThat(stored()).containsExactlyInAnyOrder("2|2|1|true|b|null", "1|3|1|true|c|null");
    }

    private void write(RowArray rows) throws SQLException {
        Writes writes = new Writes();
        writes.add(rows);
        writes.execute(connection);
    }

    private List<String> stored() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select * from sample")) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= 6; i++) {
                    values.add(String.valueOf(row.getObject(i)));
                }
                all.add(String.join("|", values));
            }
        }
        return all;
    }
}
