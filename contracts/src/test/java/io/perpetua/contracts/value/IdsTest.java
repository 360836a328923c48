package io.perpetua.contracts.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    private static final Map<String, Function<String, ?>> PARSERS =
            Map.of(
                    "market", MarketId::parse,
                    "order", OrderId::parse,
                    "subaccount", SubaccountId::parse,
                    "trade", TradeId::parse,
                    "user", UserId::parse,
                    "withdrawal", WithdrawalId::parse,
                    "adjustment", AdjustmentId::parse);

    @ParameterizedTest
    @CsvSource({
        "market, 1",
        "market, 1048575",
        "order, 1",
        "order, 9007199254740991",
        "subaccount, 9007199254740991",
        "trade, 9007199254740991",
        "user, 9007199254740991"
    })
    void shouldWriteWhatItReads(String kind, String digits) {
        assertThat(parse(kind, digits)).hasToString(digits);
    }

    @ParameterizedTest
    @CsvSource({
        "market, 0, 2^20",
        "market, 1048576, 2^20",
        "market, 4294967297, 2^20",
        "market, 9999999999999999, 2^20",
        "order, 0, 2^53",
        "order, 9007199254740992, 2^53",
        "subaccount, 9999999999999999, 2^53",
        "trade, 9007199254740992, 2^53",
        "user, 9007199254740992, 2^53"
    })
    void shouldRefuseWhatLiesOutsideItsRange(String kind, String digits, String bound) {
        assertThatThrownBy(() -> parse(kind, digits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an id lies between 1 and " + bound + " - 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "-1", "+1", "1.0", "0x1", "a", "\u0661", "10000000000000000"})
    void shouldRefuseWhatIsNoNumberOf1To16AsciiDigits(String text) {
        for (String kind : PARSERS.keySet()) {
            assertThatThrownBy(() -> parse(kind, text))
                    .as(kind)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an id is a number of 1 to 16 digits");
        }
    }

    private static Object parse(String kind, String text) {
        return PARSERS.get(kind).apply(text);
    }
}
