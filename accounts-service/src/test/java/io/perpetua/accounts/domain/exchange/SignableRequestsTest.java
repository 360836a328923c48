package io.perpetua.accounts.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignableRequestsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // path | for READ | for TRADE
                "/0/private/Balance            | true  | true",
                "/0/private/Earn/Allocations   | true  | true",
                "/0/private/AddOrder           | false | true",
                "/0/private/CancelAll          | false | true",
                "/0/private/GetWebSocketsToken | false | true",
                "/0/private/Withdraw           | false | false",
                "/0/private/WithdrawStatus     | false | false",
                "/0/private/WalletTransfer     | false | false",
                "/0/private/AccountTransfer    | false | false",
                "/0/private/Earn/Allocate      | false | false",
                "/0/private/balance            | false | false",
                "/0/private/Balance/../Withdraw| false | false",
                "/0/private//Withdraw          | false | false",
            })
    void shouldGoByThePathOfKraken(String path, boolean reads, boolean trades) {
        Message message = new Message("nonce=1", path, "1");

        assertThat(SignableRequests.allow(ExchangeApi.KRAKEN, ExchangeKeyScope.READ, message))
                .isEqualTo(reads);
        assertThat(SignableRequests.allow(ExchangeApi.KRAKEN, ExchangeKeyScope.TRADE, message))
                .isEqualTo(trades);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // payload | for READ | for TRADE
                "GET api.coinbase.com/api/v3/brokerage/accounts               | true  | true",
                "GET api.coinbase.com/v2/accounts/7/transactions              | true  | true",
                "POST api.coinbase.com/api/v3/brokerage/orders                | false | true",
                "POST api.coinbase.com/api/v3/brokerage/orders/batch_cancel   | false | true",
                "POST api.coinbase.com/api/v3/brokerage/convert/trade/7-a     | false | true",
                "POST api.coinbase.com/api/v3/brokerage/portfolios/move_funds | false | false",
                "POST api.coinbase.com/v2/accounts/7/transactions             | false | false",
                "POST api.coinbase.com/v2/accounts/7/withdrawals              | false | false",
                "POST api.coinbase.com/api/v3/brokerage/orders/../portfolios  | false | false",
                "POST api.coinbase.com/api/v3/brokerage/orders/%2e%2e/x       | false | false",
                "DELETE api.coinbase.com/api/v3/brokerage/orders              | false | false",
            })
    void shouldGoByMethodAndPathOfCoinbase(String payload, boolean reads, boolean trades) {
        ExchangeApi coinbase = ExchangeApi.COINBASE_ADVANCED;
        Message message = new Message(payload, null, null);

        assertThat(SignableRequests.allow(coinbase, ExchangeKeyScope.READ, message))
                .isEqualTo(reads);
        assertThat(SignableRequests.allow(coinbase, ExchangeKeyScope.TRADE, message))
                .isEqualTo(trades);
    }
}
