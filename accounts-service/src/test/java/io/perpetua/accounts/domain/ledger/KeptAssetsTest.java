package io.perpetua.accounts.domain.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.Usd;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptAssetsTest {
    @Test
    void shouldNameTheCollateralFirst() {
        KeptAssets kept = KeptAssets.parse(List.of("USDT=1", "EURC=1.1"));

        assertThat(kept.codes()).containsExactly("USDC", "EURC", "USDT");
        assertThat(kept.otherCodes()).containsExactly("EURC", "USDT");
        assertThat(kept.has(Asset.USDC)).isTrue();
        assertThat(kept.has(new Asset("USDT"))).isTrue();
        assertThat(kept.has(new Asset("DAI"))).isFalse();
        assertThat(KeptAssets.parse(List.of()).codes()).containsExactly("USDC");
        assertThatThrownBy(() -> kept.dollars(new Asset("DAI"), Usd.ofDollars(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "USDT, 1,              12.345678,      12.345678",
        "EURC, 1.1,            0.000001,       0.000002",
        "EURC, 1.1,            10,             11",
        "SHIB, 0.000000000001, 1000000,        0.000001",
        "SHIB, 0.000000000001, 1000001,        0.000002",
        "BTC,  999999999,      9223372036854,  9223372036854.775807",
        "USDC, 7,              3,              3",
    })
    void shouldCountInDollarsRoundedUp(String code, String price, String amount, String dollars) {
        KeptAssets kept =
                KeptAssets.parse(code.equals("USDC") ? List.of() : List.of(code + "=" + price));

        assertThat(kept.dollars(new Asset(code), Usd.parse(amount))).hasToString(dollars);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USDT",
                "USDT=",
                "USDT=0",
                "USDT=-1",
                "USDT=1e3",
                "USDT=1.",
                "usdt=1",
                "=1",
                "U=1",
                "USDC=1",
                "USDT=1;USDT=2",
                "USDT=1=2",
                "USDT=1234567890",
                "USDT=0.0000000000001"
            })
    void shouldRefuseWhatIsNoListOfAssets(String text) {
        assertThatThrownBy(() -> KeptAssets.parse(List.of(text.split(";", -1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseTooMany() {
        List<String> entries = IntStream.range(0, 17).mapToObj(i -> "A" + i + "=1").toList();

        assertThat(KeptAssets.parse(entries.subList(1, 17)).otherCodes()).hasSize(16);
        assertThatThrownBy(() -> KeptAssets.parse(entries))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
