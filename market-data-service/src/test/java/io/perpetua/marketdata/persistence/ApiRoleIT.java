package io.perpetua.marketdata.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks the tables as the role that serves HTTP: it reads what is public, and writes nothing. */
class ApiRoleIT {
    private static Database database;

    @BeforeAll
    static void migrate() {
        database = Backends.shared().createDatabase();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), "market_data_owner", database.password())
                .defaultSchema("market_data")
                .createSchemas(false)
                .locations("db/eventlog", "db/migration")
                .load()
                .migrate();
    }

    /** Without such a column there is nothing that row-level security could keep apart. */
    @Test
    void shouldHoldNoRowOfAUser() throws SQLException {
        try (Connection owner = database.connect("market_data_owner");
                Statement statement = owner.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                select count(*) from pg_class c
                                join pg_attribute a on a.attrelid = c.oid
                                where c.relnamespace = 'market_data'::regnamespace
                                and a.attname in ('user_id', 'subaccount_id', 'account_id')
                                """)) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update market set symbol = 'X'",
                "delete from market_version",
                "insert into replay select * from replay",
                "update price_state set market_id = 1",
                "insert into funding_rate select * from funding_rate",
                "delete from candle",
                "insert into candle select * from candle",
                "select * from candle_1m",
                "delete from oracle_tick",
                "insert into mark_tick select * from mark_tick",
                "update market_day set open_interest_units = 0",
                "select * from tick_state",
                "select make_history('candle_1m', '{0}')",
                "select drop_history('candle_1m', 9223372036854775807)",
                "insert into history_table values ('market', 'day')",
                "truncate market_total",
                "alter table market add column x text",
                "create table mine (x text)",
                "create temp table mine (x text)",
                "select * from shard",
                "select * from shard_offset",
                "select * from mark",
                "select * from channel",
                "select * from outbox",
                "select * from gateway",
                "insert into outbox (source, events) values ('x', '')",
                "update channel set next_number = 1",
                "select nextval('outbox_batch')",
                "set role market_data_owner",
                "set role market_data_shard",
                "alter role market_data_api superuser"
            })
    void shouldRefuseWhenTheApiReachesBeyondReading(String attack) throws SQLException {
        try (Connection api = database.connect("market_data_api");
                Statement statement = api.createStatement()) {
            assertThatThrownBy(() -> statement.execute(attack))
                    .isInstanceOf(SQLException.class)
                    .extracting(refused -> ((SQLException) refused).getSQLState())
                    .isEqualTo("42501");
        }
    }
}
