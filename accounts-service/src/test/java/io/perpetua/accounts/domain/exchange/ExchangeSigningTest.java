package io.perpetua.accounts.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import io.perpetua.accounts.domain.vault.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeSigningTest {
    private static Secret secret(String text) {
        return Secret.ofText(text.toCharArray(), 0, text.length());
    }

    /** The example of Kraken's documentation, "Spot REST authentication". */
    @Test
    void shouldSignAsKrakenDocuments() {
        Secret secret =
                secret(
                        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99H"
                                + "AZtuZuj6F1huXg==");
        Message message =
                new Message(
                        "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy"
                                + "&volume=1.25",
                        "/0/private/AddOrder",
                        "1616492376594");

        assertThat(ExchangeSigning.of("kraken").sign(secret, message))
                .contains(
                        "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0"
                                + "nmbRn6H8ndwLUQ==");
    }

    /** The example of Binance's documentation, "Signed trade and user data endpoints". */
    @Test
    void shouldSignAsBinanceDocuments() {
        Secret secret = secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
        Message message =
                new Message(
                        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
                                + "&recvWindow=5000&timestamp=1499827319559",
                        null,
                        null);

        assertThat(ExchangeSigning.of("Binance").sign(secret, message))
                .contains("c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not base64!", "a", "====", "kQH5HW/8p1uG\\"})
    void shouldNotSignWhenASecretIsNoneOfKrakens(String text) {
        assertThat(ExchangeSigning.HMAC_SHA512.sign(secret(text), new Message("a=b", "/0", "1")))
                .isEmpty();
    }

    @Test
    void shouldNeedPathAndNonceWhereTheyAreSigned() {
        Message bare = new Message("a=b", null, null);
        assertThatThrownBy(() -> ExchangeSigning.HMAC_SHA512.sign(secret("AAAA"), bare))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
