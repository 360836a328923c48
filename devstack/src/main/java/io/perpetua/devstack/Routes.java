package io.perpetua.devstack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which service serves a path: by its first two segments, or by three where two services share
 * those, as an ingress would have it.
 */
final class Routes {
    private static final Map<Service, List<String>> PREFIXES =
            Map.of(
                    Service.ACCOUNTS,
                    List.of(
                            "/v1/auth",
                            "/v1/admin",
                            "/v1/jwks.json",
                            "/v1/users",
                            "/v1/subaccounts",
                            "/v1/deposits",
                            "/v1/withdrawals",
                            "/v1/withdrawal-addresses",
                            "/v1/withdrawal-notices",
                            "/v1/faucet",
                            "/v1/balances",
                            "/v1/portfolio",
                            "/v1/ledger",
                            "/v1/asset-transfers",
                            "/v1/exchange-keys",
                            "/v1/funds",
                            "/v1/agents",
                            "/api/hypercore/subaccounts",
                            "/api/hypercore/credentials"),
                    Service.ORDERS,
                    List.of(
                            "/v1/orders",
                            "/v1/fills",
                            "/v1/books",
                            "/v1/trades",
                            "/v1/open-interest",
                            "/v1/system-events/orders"),
                    Service.RISK,
                    List.of(
                            "/v1/accounts",
                            "/v1/positions",
                            "/v1/leverage",
                            "/v1/settlements",
                            "/v1/transfers",
                            "/v1/system-events/risk"),
                    Service.MARKET_DATA,
                    List.of(
                            "/v1/markets",
                            "/v1/market-approvals",
                            "/v1/prices",
                            "/v1/candles",
                            "/v1/statistics",
                            "/v1/stream",
                            "/v1/system-events/market-data"));

    private static final Map<String, Service> BY_PREFIX = byPrefix();

    private Routes() {}

    static Optional<Service> find(String path) {
        int afterFirst = path.indexOf('/', 1);
        if (afterFirst < 0) {
            return Optional.empty();
        }
        int afterSecond = end(path, afterFirst + 1);
        Service service = BY_PREFIX.get(path.substring(0, afterSecond));
        if (service == null && afterSecond < path.length()) {
            service = BY_PREFIX.get(path.substring(0, end(path, afterSecond + 1)));
        }
        return Optional.ofNullable(service);
    }

    /** Where the segment ends that begins at {@code from}. */
    private static int end(String path, int from) {
        int end = path.indexOf('/', from);
        return end < 0 ? path.length() : end;
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
