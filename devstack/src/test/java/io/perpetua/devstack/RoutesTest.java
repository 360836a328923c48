package io.perpetua.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/auth/challenge, ACCOUNTS",
        "/v1/jwks.json, ACCOUNTS",
        "/v1/admin/audit/verify, ACCOUNTS",
        "/v1/ledger/trial-balance, ACCOUNTS",
        "/v1/asset-transfers, ACCOUNTS",
        "/v1/withdrawals/7, ACCOUNTS",
        "/v1/withdrawal-addresses/7, ACCOUNTS",
        "/v1/withdrawal-notices, ACCOUNTS",
        "/v1/exchange-keys/7/signatures, ACCOUNTS",
        "/v1/funds, ACCOUNTS",
        "/api/hypercore/subaccounts, ACCOUNTS",
        "/api/hypercore/subaccounts/wallet/0x1, ACCOUNTS",
        "/api/hypercore/credentials/17, ACCOUNTS",
        "/v1/orders, ORDERS",
        "/v1/orders/1234, ORDERS",
        "/v1/open-interest, ORDERS",
        "/v1/accounts/7, RISK",
        "/v1/settlements, RISK",
        "/v1/transfers, RISK",
        "/v1/markets/1/x, MARKET_DATA",
        "/v1/market-approvals/1/approve, MARKET_DATA",
        "/v1/statistics, MARKET_DATA",
        "/v1/stream, MARKET_DATA",
        "/v1/system-events/orders, ORDERS",
        "/v1/system-events/risk, RISK",
        "/v1/system-events/market-data, MARKET_DATA"
    })
    void shouldFindTheServiceWhenThePathIsPublic(String path, Service service) {
        assertThat(Routes.find(path)).contains(service);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/ordersx",
                "/q/metrics",
                "/v2/orders",
                "/api/hypercore",
                "/api/hypercore/",
                "/api/hypercore/other/1",
                "/v1/other/orders",
                "/v1/system-events",
                "/v1/system-events/accounts",
                "/v1//orders"
            })
    void shouldFindNoneWhenThePathIsNotPublic(String path) {
        assertThat(Routes.find(path)).isEmpty();
    }
}
