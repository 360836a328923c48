package io.perpetua.orders;

import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import org.flywaydb.core.Flyway;

/** Real databases with the tables of this service. */
public final class OrdersDatabase {
    private OrdersDatabase() {}

    /** A new one, migrated as the service does at its start. */
    public static Database create() {
        Database database = Backends.shared().createDatabase();
        migrate(database, "orders", "db/eventlog", "db/migration");
        return database;
    }

    /** Makes tables in a schema, as its owner. */
    public static void migrate(Database database, String schema, String... locations) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), schema + "_owner", database.password())
                .defaultSchema(schema)
                .createSchemas(false)
                .locations(locations)
                .load()
                .migrate();
    }
}
