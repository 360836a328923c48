package io.perpetua.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A database with a schema a service and their roles, and no tables.
 *
 * @param password the same for every role
 */
public record Database(String name, int port, String password) {

    /** Names the database and no user. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    /**
     * Names the database, the user and its password.
     *
     * @param role for instance {@code orders_shard}
     */
    public String jdbcUrl(String role) {
        return jdbcUrl() + "?user=" + role + "&password=" + password;
    }

    /**
     * A new session, with auto-commit.
     *
     * @param role for instance {@code orders_shard}; {@code postgres} is the superuser
     */
    public Connection connect(String role) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", password);
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return jdbcUrl();
    }
}
