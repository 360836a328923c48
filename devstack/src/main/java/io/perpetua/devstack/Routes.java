package io.perpetua.devstack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which service serves a path: by its first two segments, as an ingress would have it. */
final class Routes {
    private static final Map<Service, List<String>> PREFIXES =
            Map.of(
                    Service.ACCOUNTS,
                    List.of(
                            "/v1/auth",
                            "/v1/jwks.json",
                            "/v1/users",
                            "/v1/subaccounts",
                            "/v1/deposits",
                            "/v1/withdrawals",
                            "/v1/withdrawal-addresses",
                            "/v1/withdrawal-notices",
                            "/v1/faucet",
                            "/v1/balances",
                            "/v1/ledger"),
                    Service.ORDERS,
                    List.of(
                            "/v1/orders",
                            "/v1/fills",
                            "/v1/books",
                            "/v1/trades",
                            "/v1/open-interest"),
                    Service.RISK,
                    List.of(
                            "/v1/accounts",
                            "/v1/positions",
                            "/v1/leverage",
                            "/v1/settlements",
                            "/v1/transfers"),
                    Service.MARKET_DATA,
                    List.of("/v1/markets", "/v1/prices", "/v1/candles", "/v1/statistics"));

    private static final Map<String, Service> BY_PREFIX = byPrefix();

    private Routes() {}

    static Optional<Service> find(String path) {
        int afterVersion = path.indexOf('/', 1);
        if (afterVersion < 0) {
            return Optional.empty();
        }
        int end = path.indexOf('/', afterVersion + 1);
        String prefix = end < 0 ? path : path.substring(0, end);
        return Optional.ofNullable(BY_PREFIX.get(prefix));
    }

    static List<String> prefixes(Service service) {
        return PREFIXES.getOrDefault(service, List.of());
    }

    private static Map<String, Service> byPrefix() {
        Map<String, Service> services = new HashMap<>();
        PREFIXES.forEach(
                (service, prefixes) -> prefixes.forEach(prefix -> services.put(prefix, service)));
        return Map.copyOf(services);
    }
}
