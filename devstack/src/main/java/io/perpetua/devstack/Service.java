package io.perpetua.devstack;

import java.util.List;

/** The four services, in the order of their ports. */
enum Service {
    ACCOUNTS(
            "accounts",
            "accounts",
            List.of(
                    "/v1/auth",
                    "/v1/jwks.json",
                    "/v1/users",
                    "/v1/subaccounts",
                    "/v1/deposits",
                    "/v1/faucet",
                    "/v1/balances",
                    "/v1/ledger")),
    ORDERS(
            "orders",
            "orders",
            List.of("/v1/orders", "/v1/fills", "/v1/books", "/v1/trades", "/v1/open-interest")),
    RISK(
            "risk",
            "risk",
            List.of("/v1/accounts", "/v1/positions", "/v1/leverage", "/v1/settlements")),
    MARKET_DATA(
            "market-data",
            "market_data",
            List.of("/v1/markets", "/v1/prices", "/v1/candles", "/v1/statistics"));

    private final String label;
    private final String schema;
    private final List<String> prefixes;

    Service(String label, String schema, List<String> prefixes) {
        this.label = label;
        this.schema = schema;
        this.prefixes = prefixes;
    }

    /** Its name in URLs, log files and on the command line. */
    String label() {
        return label;
    }

    /** Its PostgreSQL schema, and the first half of its roles' names. */
    String schema() {
        return schema;
    }

    /** The paths it serves: each prefix itself and everything below it. */
    List<String> prefixes() {
        return prefixes;
    }

    /** Its Maven module. */
    String module() {
        return label + "-service";
    }
}
