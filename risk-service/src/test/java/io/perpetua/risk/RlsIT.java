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
                "settlements",
                "active_positions"
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
                "select * from user_standings",
                "update user_standings set suspended = false",
                "delete from user_standings",
                "insert into user_standings values (1, 1, false, 'PRESENT')",
                "select * from valued_user",
                "insert into valued_user values (1)",
                "select * from valuation_run",
                "update valuation_run set due_at_millis = 0",
                "select now_millis()",
                "alter view active_positions reset (security_invoker)",
                "update positions set user_id = 1",
                "update accounts set user_id = 1 where user_id = 2",
                "insert into requests values (20, 'b', 2, 1, 1)",
                "alter table accounts no force row level security",
                "create policy mine on accounts using (true)",
                "alter role risk_api bypassrls",
                "grant risk_owner to risk_api",
                "create view leak as select * from accounts",
                "create table mine as select * from accounts",
                "create temp table mine as select * from accounts",
                "create function leak() returns bigint language sql security definer as"
                        + " 'select count(*) from accounts'",
                "alter function totals_of_accounts() security invoker",
                "set role risk_owner",
                "set role risk_shard",
                "set session authorization risk_owner",
                "select * from shard",
                "select * from shard_offset",
                "select * from mark",
                "select * from channel",
                "select * from outbox",
                "select * from gateway",
                "insert into outbox (source, events) values ('x', '')",
                "update channel set next_number = 1",
                "update gateway set ids_below_millis = 0",
                "select nextval('outbox_batch')",
                "select * from flyway_schema_history",
                "select pg_read_file('/etc/passwd')",
                "copy accounts to program 'cat'"
            })
    void shouldRefuseToChangeOrLookElsewhere(String attack) {
        assertThatThrownBy(() -> asUser("1", s -> s.execute(attack)))
                .isInstanceOf(SQLException.class)
                .extracting(refused -> ((SQLException) refused).getSQLState())
                .isEqualTo("42501");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accounts where user_id = 2 or subaccount_id = 20",
                "(select * from accounts union all select * from accounts) a where user_id = 2",
                "positions p join accounts a using (subaccount_id) where a.user_id <> 1",
                "positions where (select set_config('perpetua.user_id', '1', true)) = '1'"
                        + " and user_id = 2"
            })
    void shouldShowNothingOfOthersWhenTheQueryAsksForIt(String attack) throws SQLException {
        asUser("1", s -> assertThat(count(s, attack)).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 or true", "1,2", "x", "9223372036854775808"})
    void shouldRefuseWhenTheUserIsNoNumber(String user) {
        assertThatThrownBy(() -> asUser(user, s -> count(s, "accounts")))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void shouldGuardEveryTableThatNamesAUser() throws SQLException {
        try (Connection owner = database.as("risk_owner").getConnection();
                Statement statement = owner.createStatement()) {
            String tables =
                    "pg_class c join pg_attribute a on a.attrelid = c.oid"
                            + " where c.relnamespace = 'risk'::regnamespace"
                            + " and a.attname = 'user_id' and c.relkind in ('r', 'p', 'm')";
            long named = count(statement, tables);
            assertThat(named).isGreaterThanOrEqualTo(10);
            assertThat(count(statement, tables + " and c.relrowsecurity and c.relforcerowsecurity"))
                    .isEqualTo(named);
            assertThat(
                            count(
                                    statement,
                                    "pg_roles where rolname like 'risk%'"
                                            + " and (rolbypassrls or rolsuper or rolcreaterole)"))
                    .isZero();
        }
    }

    @Test
    void shouldReadThroughViewsAsWhoeverAsks() throws SQLException {
        try (Connection owner = database.as("risk_owner").getConnection();
                Statement statement = owner.createStatement()) {
            String views = "pg_class where relnamespace = 'risk'::regnamespace and relkind = 'v'";
            assertThat(
                            count(
                                    statement,
                                    views
                                            + " and relname in ('active_positions',"
                                            + " 'market_positions')"
                                            + " and 'security_invoker=true' = any(reloptions)"))
                    .isEqualTo(2);
        }
        asUser("1", s -> assertThat(count(s, "market_positions where positions > 1")).isZero());
        asUser(null, s -> assertThat(count(s, "market_positions where positions > 0")).isZero());
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
