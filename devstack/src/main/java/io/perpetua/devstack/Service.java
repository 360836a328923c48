package io.perpetua.devstack;

/** The four services, in the order of their ports. */
enum Service {
    ACCOUNTS("accounts", "accounts", 8081),
    ORDERS("orders", "orders", 8082),
    RISK("risk", "risk", 8083),
    MARKET_DATA("market-data", "market_data", 8084);

    private final String label;
    private final String schema;
    private final int port;

    Service(String label, String schema, int port) {
        this.label = label;
        this.schema = schema;
        this.port = port;
    }

    /** Its name in URLs, log files and on the command line. */
    String label() {
        return label;
    }

    /** Its PostgreSQL schema, and the first half of its roles' names. */
    String schema() {
        return schema;
    }

    /** Its port when nothing is shifted. */
    int port() {
        return port;
    }

    /** Whether it carries the load of orders, and so may run in several processes. */
    boolean isReplicated() {
        return this == ORDERS || this == RISK;
    }

    /** Its Maven module. */
    String module() {
        return label + "-service";
    }
}
