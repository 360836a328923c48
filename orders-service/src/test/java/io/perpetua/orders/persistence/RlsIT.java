package io.perpetua.orders.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.orders.OrdersDatabase;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks the tables as the role that serves HTTP: PostgreSQL itself must hold users apart. */
class RlsIT {
    private static final List<String> TABLES =
            List.of("orders", "placements_without_order", "agent_answers", "fills", "positions");

    private static Database database;

    @BeforeAll
    static void fillTables() throws SQLException {
        database = OrdersDatabase.create();
        try (Connection shard = database.connect("orders_shard")) {
            for (long user = 1; user <= 2; user++) {
                fill(shard, user);
            }
            run(
                    shard,
                    """
                    insert into market_states (market_id, book_sequence, last_priority,
                        last_trade_id, trades, volume_e8, volume_micros, realised_micros)
                    values (1, 1, 1, 1, 1, 1, 1, 0)
                    """);
            run(shard, "insert into trades values (1, 1, 'BUY', 100, 1, 1, 1)");
        }
    }

    private static void fill(Connection shard, long user) throws SQLException {
        run(
                shard,
                """
                insert into orders values (%1$d, %1$d, %1$d, 1, null, 'BUY', 'LIMIT', 'GTC',
                    'CANCEL_MAKER', false, false, 100, 100, 5, 0, 5, 0, 0, 0, 0, 1, 1, true, 'OPEN',
                    null, 1, 'OPEN', 0, 0, null, 1, 5)
                """
                        .formatted(user));
        run(
                shard,
                "insert into placements_without_order values (%d, %d, 1, null, 1)"
                        .formatted(10 + user, user));
        run(shard, "insert into agent_answers values (%d, %d, '{}')".formatted(20 + user, user));
        run(
                shard,
                """
                insert into fills values (%1$d, 1, %1$d, %1$d, 1, 'BUY', 'TAKER', 100, 1, 1, 0, 0,
                    1, 1, 1)
                """
                        .formatted(user));
        run(
                shard,
                "insert into positions values (1, %1$d, %1$d, %2$d, %2$d)"
                        .formatted(user, user == 1 ? 7 : -7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "placements_without_order", "agent_answers", "fills", "positions"})
    void shouldShowOnlyOwnRowsWhenTheUserIsSet(String table) throws SQLException {
        try (Connection api = asUser("1")) {
            assertThat(query(api, "select count(*) from " + table)).isEqualTo("1");
            assertThat(query(api, "select max(user_id) from " + table)).isEqualTo("1");
            assertThat(query(api, "select count(*) from " + table + " where user_id = 2"))
                    .isEqualTo("0");
            assertThat(query(api, "select count(*) from " + table + " where true or user_id = 2"))
                    .isEqualTo("1");
        }
    }

    @Test
    void shouldShowNothingWhenNoUserIsSet() throws SQLException {
        for (String user : List.of("", "3")) {
            try (Connection api = asUser(user)) {
                for (String table : TABLES) {
                    assertThat(query(api, "select count(*) from " + table))
                            .as(table)
                            .isEqualTo("0");
                }
            }
        }
        try (Connection api = database.connect("orders_api")) {
            for (String table : TABLES) {
                assertThat(query(api, "select count(*) from " + table)).as(table).isEqualTo("0");
            }
        }
    }

    @Test
    void shouldForgetTheUserWhenTheTransactionEnds() throws SQLException {
        try (Connection api = asUser("1")) {
            api.commit();
            assertThat(query(api, "select count(*) from orders")).isEqualTo("0");
        }
    }

    @Test
    void shouldRefuseToWriteWhenTheApiTries() throws SQLException {
        for (String attempt :
                List.of(
                        "update orders set user_id = 1",
                        "delete from orders",
                        "insert into positions values (1, 9, 1, 1, 1)",
                        "update positions set size_e8 = 0",
                        "truncate fills",
                        "delete from trades",
                        "update market_states set realised_micros = 1",
                        "alter table orders disable row level security",
                        "create policy mine on orders using (true)",
                        "drop policy api_sees_its_user on orders",
                        "alter table orders no force row level security",
                        "alter role orders_api bypassrls",
                        "grant orders_owner to orders_api",
                        "create view leak as select * from orders",
                        "create table mine as select * from orders",
                        "create temp table mine as select * from orders",
                        "create function leak() returns bigint language sql security definer as"
                                + " 'select count(*) from orders'",
                        "create or replace function open_interest() returns bigint language sql as"
                                + " 'select 1::bigint'",
                        "alter function open_interest() security invoker",
                        "select * from market_states",
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
                        "copy orders to program 'cat'",
                        "set role orders_shard",
                        "set session authorization orders_owner")) {
            try (Connection api = asUser("1")) {
                assertThatThrownBy(() -> run(api, attempt))
                        .as(attempt)
                        .isInstanceOf(SQLException.class)
                        .satisfies(
                                refused ->
                                        assertThat(((SQLException) refused).getSQLState())
                                                .isEqualTo("42501"));
            }
        }
    }

    @Test
    void shouldGuardEveryTableThatNamesAUser() throws SQLException {
        try (Connection owner = database.connect("orders_owner")) {
            assertThat(
                            query(
                                    owner,
                                    """
                                    select string_agg(c.relname, ',' order by c.relname)
                                    from pg_class c join pg_attribute a on a.attrelid = c.oid
                                    where c.relnamespace = 'orders'::regnamespace
                                    and a.attname = 'user_id' and c.relkind in ('r', 'p', 'v', 'm')
                                    """))
                    .isEqualTo(String.join(",", TABLES.stream().sorted().toList()));
            assertThat(
                            query(
                                    owner,
                                    "select count(*) from pg_roles where rolname like 'orders%'"
                                            + " and (rolbypassrls or rolsuper or rolcreaterole)"))
                    .isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select count(*) from orders where user_id = 2 or order_id = 2",
                "select count(*) from (select * from orders union all select * from orders) o"
                        + " where user_id = 2",
                "with theirs as materialized (select * from fills) select count(*) from theirs"
                        + " where user_id <> 1",
                "select count(*) from orders o join fills f using (order_id) where f.user_id = 2",
                "select count(*) from positions where (select set_config('perpetua.user_id', '1',"
                        + " true)) = '1' and user_id = 2",
                "select count(*) from positions where size_e8 < 0"
            })
    void shouldShowNothingOfOthersWhenTheQueryAsksForIt(String attack) throws SQLException {
        try (Connection api = asUser("1")) {
            assertThat(query(api, attack)).isEqualTo("0");
        }
    }

    @Test
    void shouldRefuseWhenTheUserIsNoNumber() throws SQLException {
        for (String user : List.of("1 or true", "1,2", "x", "9223372036854775808")) {
            try (Connection api = asUser(user)) {
                assertThatThrownBy(() -> query(api, "select count(*) from orders"))
                        .as(user)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void shouldTellOnlySumsWhenOpenInterestIsAsked() throws SQLException {
        try (Connection api = database.connect("orders_api")) {
            assertThat(query(api, "select long_e8 from open_interest()")).isEqualTo("7");
            assertThat(query(api, "select short_e8 from open_interest()")).isEqualTo("7");
            assertThat(query(api, "select count(*) from trades")).isEqualTo("1");
        }
    }

    @Test
    void shouldBindTheOwnerToPoliciesToo() throws SQLException {
        try (Connection owner = database.connect("orders_owner")) {
            for (String table : TABLES) {
                assertThat(
                                query(
                                        owner,
                                        "select relrowsecurity and relforcerowsecurity from"
                                                + " pg_class where oid = '"
                                                + table
                                                + "'::regclass"))
                        .as(table)
                        .isEqualTo("t");
            }
        }
    }

    private static Connection asUser(String user) throws SQLException {
        Connection api = database.connect("orders_api");
        api.setAutoCommit(false);
        query(api, "select set_config('perpetua.user_id', '" + user + "', true)");
        return api;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
