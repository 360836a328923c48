package io.perpetua.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks the tables as the role that serves HTTP: PostgreSQL itself keeps users apart. */
class RlsIT {
    private static RiskDatabase database;

    @BeforeAll
    static void createRowsOfTwoUsers() throws SQLException {
        database = RiskDatabase.create();
        try (Connection shard = database.as("risk_shard").getConnection();
                Statement statement = shard.createStatement()) {
            for (int user : List.of(1, 2)) {
                int subaccount = user * 10;
                for (String insert :
                        List.of(
                                "accounts values (%2$d, %1$d, %1$d, 1000000, 1, 1)",
                                "positions values (%2$d, 1, 7, %1$d, %1$d, 5, 50, 10, true, 5, 0, 0,"
                                        + " 1, null)",
                                "leverages values (%2$d, 1, %1$d, %1$d, 5)",
                                "open_orders values (%2$d, %2$d, 1, %1$d, %1$d, true, 1, 1, 0, 1,"
                                        + " false, false, 0)",
                                "open_amendments values (%2$d, %2$d, 0, %1$d, %1$d, 1, 1)",
                                "requests values (%2$d, 'a', %1$d, 1, 1)",
                                "settlements values (%2$d, 1, %1$d, 1, 7, 7, 1, 1, 0, 0, 1)")) {
                    statement.execute("insert into " + insert.formatted(user, subaccount));
                }
            }
        }
    }

    private interface Attack {
        void run(Statement statement) throws SQLException;
    }

    private static void asUser(String user, Attack attack) throws SQLException {
        try (Connection api = database.as("risk_api").getConnection();
                Statement statement = api.createStatement()) {
            api.setAutoCommit(false);
            if (user != null) {
                statement.execute("select set_config('perpetua.user_id', '" + user + "', true)");
            }
            attack.run(statement);
        }
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*) from " + query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accounts",
                "positions",
                "leverages",
                "open_orders",
                "open_amendments",
                "requests",
                "settlements"
            })
    void shouldShowAUserOnlyTheirOwnRows(String table) throws SQLException {
        asUser("1", s -> assertThat(count(s, table)).isEqualTo(1));
        asUser("1", s -> assertThat(count(s, table + " where user_id = 2")).isZero());
        asUser("3", s -> assertThat(count(s, table)).isZero());
        asUser("", s -> assertThat(count(s, table)).isZero());
        asUser(null, s -> assertThat(count(s, table)).isZero());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update accounts set collateral_micros = 9",
                "delete from positions",
                "insert into leverages values (10, 2, 1, 1, 5)",
                "truncate settlements",
                "alter table accounts disable row level security",
                "drop policy api_sees_its_user on accounts",
                "select * from market_totals",
                "set role risk_owner",
                "select * from shard"
            })
    void shouldRefuseToChangeOrLookElsewhere(String attack) {
        assertThatThrownBy(() -> asUser("1", s -> s.execute(attack)))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void shouldForgetTheUserWithTheTransaction() throws SQLException {
        try (Connection api = database.as("risk_api").getConnection();
                Statement statement = api.createStatement()) {
            api.setAutoCommit(false);
            statement.execute("select set_config('perpetua.user_id', '1', true)");
            api.commit();

            assertThat(count(statement, "accounts")).isZero();
        }
    }

    @Test
    void shouldGiveNothingButSumsOverAllUsers() throws SQLException {
        asUser("1", s -> assertThat(count(s, "totals_of_accounts() where accounts = 2")).isOne());
        asUser("1", s -> assertThat(count(s, "totals_of_accounts()")).isOne());
    }

    @Test
    void shouldShowTheShardEveryRow() throws SQLException {
        try (Connection shard = database.as("risk_shard").getConnection();
                Statement statement = shard.createStatement()) {
            assertThat(count(statement, "accounts")).isEqualTo(2);
        }
    }
}
