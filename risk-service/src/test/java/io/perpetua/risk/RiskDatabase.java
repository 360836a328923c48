package io.perpetua.risk;

import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A real database with risk's tables, and its three roles. */
public record RiskDatabase(Database database) {
    /** A new one, migrated as the service does at its start. */
    public static RiskDatabase create() {
        Database database = Backends.shared().createDatabase();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), "risk_owner", database.password())
                .locations("db/eventlog", "db/migration")
                .defaultSchema("risk")
                .schemas("risk")
                .createSchemas(false)
                .load()
                .migrate();
        return new RiskDatabase(database);
    }

    /** Sessions of a role, for instance {@code risk_shard}. */
    public DataSource as(String role) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(role);
        source.setPassword(database.password());
        source.setCurrentSchema("risk");
        return source;
    }
}
