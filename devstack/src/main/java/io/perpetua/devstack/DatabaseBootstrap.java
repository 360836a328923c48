package io.perpetua.devstack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;

/**
 * Makes what must exist before any migration runs: roles, the database, a schema a service.
 *
 * <p>Of each service three roles log in. {@code x_owner} owns the schema and runs the migrations;
 * {@code x_shard} may read and write every table the owner makes; {@code x_api} may do what the
 * migrations grant it, one table at a time. Accounts has a fourth, {@code accounts_admin}, which
 * serves administrators and gets its rights as the api does. All of it can be run again.
 */
final class DatabaseBootstrap {
    static final String DATABASE = "perpetua";
    static final String SUPERUSER = "postgres";

    private static final String MAINTENANCE_DATABASE = "postgres";

    private static final String ADMIN_ROLE = Service.ACCOUNTS.schema() + "_admin";

    private static final String ROLE =
            """
            do $$ begin
              if not exists (select from pg_roles where rolname = '%1$s') then
                create role %1$s login;
              end if;
            end $$;
            alter role %1$s with login nosuperuser nocreatedb nocreaterole nobypassrls password '%2$s';
            alter role %1$s set search_path = %3$s;
            alter role %1$s set statement_timeout = '%4$s';
            alter role %1$s set idle_in_transaction_session_timeout = '%5$s';
            """;

    private final UnaryOperator<String> url;
    private final String superuser;
    private final String superuserPassword;
    private final Map<Service, String> passwords;

    /**
     * @param url the JDBC URL of a database, from its name
     * @param passwords of each service's roles
     */
    DatabaseBootstrap(
            UnaryOperator<String> url,
            String superuser,
            String superuserPassword,
            Map<Service, String> passwords) {
        for (String password : passwords.values()) {
            if (!password.matches("[A-Za-z0-9_.-]+")) {
                throw new StackException(
                        "A database password may hold letters, digits, '_', '.' and '-' only.");
            }
        }
        this.url = url;
        this.superuser = superuser;
        this.superuserPassword = superuserPassword;
        this.passwords = Map.copyOf(passwords);
    }

    /** For the stack's own PostgreSQL, where one password opens everything. */
    static DatabaseBootstrap ofStack(int port, String password) {
        Map<Service, String> passwords = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            passwords.put(service, password);
        }
        return new DatabaseBootstrap(
                database -> "jdbc:postgresql://127.0.0.1:" + port + "/" + database,
                SUPERUSER,
                password,
                passwords);
    }

    /** Makes the database if there is none of that name, and all roles and schemas in it. */
    void prepareDatabase(String database) throws SQLException {
        if (!database.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new StackException("Not a name for a database: " + database);
        }
        try (Connection connection = connect(MAINTENANCE_DATABASE);
                Statement statement = connection.createStatement()) {
            for (Service service : Service.values()) {
                createRoles(statement, service);
            }
            if (!exists(statement, database)) {
                statement.execute("create database " + database + " template template0");
            }
            statement.execute("revoke all on database " + database + " from public");
        }
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("revoke all on schema public from public");
            for (Service service : Service.values()) {
                createSchema(statement, database, service.schema());
            }
            statement.execute("grant connect on database %s to %s".formatted(database, ADMIN_ROLE));
            statement.execute(
                    "grant usage on schema %s to %s"
                            .formatted(Service.ACCOUNTS.schema(), ADMIN_ROLE));
        }
    }

    private static void createSchema(Statement statement, String database, String schema)
            throws SQLException {
        statement.execute(
                """
            grant connect on database %1$s to %2$s_owner, %2$s_shard, %2$s_api;
            create schema if not exists %2$s authorization %2$s_owner;
            grant usage on schema %2$s to %2$s_shard, %2$s_api;
            alter default privileges for role %2$s_owner in schema %2$s
              grant select, insert, update, delete on tables to %2$s_shard;
            alter default privileges for role %2$s_owner in schema %2$s
              grant usage, select, update on sequences to %2$s_shard;
            """
                        .formatted(database, schema));
    }

    /**
     * A shard's or a request's session that stalls inside a transaction must let go of its row
     * locks within seconds, or no other instance could take over. Migrations get a minute.
     */
    private void createRoles(Statement statement, Service service) throws SQLException {
        String schema = service.schema();
        String password = Objects.requireNonNull(passwords.get(service), service.label());
        statement.execute(ROLE.formatted(schema + "_owner", password, schema, "60s", "60s"));
        statement.execute(ROLE.formatted(schema + "_shard", password, schema, "5s", "3s"));
        statement.execute(ROLE.formatted(schema + "_api", password, schema, "5s", "5s"));
        if (service == Service.ACCOUNTS) {
            statement.execute(ROLE.formatted(ADMIN_ROLE, password, schema, "5s", "5s"));
        }
    }

    private static boolean exists(Statement statement, String database) throws SQLException {
        try (ResultSet found =
                statement.executeQuery(
                        "select 1 from pg_database where datname = '" + database + "'")) {
            return found.next();
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser);
        properties.setProperty("password", superuserPassword);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(url.apply(database), properties);
    }
}
