package io.perpetua.marketdata.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.value.Rate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SoloRuleTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SoloBounds BOUNDS =
            new SoloBounds(10, 50, 10, 25, 25, 25, 25, Rate.parse("0.001"));

    /** BTC-PERP with these fields of its JSON instead. */
    private static Market btc(Object... fields) throws Exception {
        ObjectNode json =
                (ObjectNode)
                        JSON.readTree(
                                EventCodec.encode(Market.class, DemoMarkets.all().getFirst()));
        for (int i = 0; i < fields.length; i += 2) {
            json.set(fields[i].toString(), JSON.readTree(fields[i + 1].toString()));
        }
        return EventCodec.decode(Market.class, JSON.writeValueAsBytes(json));
    }

    private static Market withTiers(String... margins) throws Exception {
        StringBuilder tiers = new StringBuilder("[");
        for (String margin : margins) {
            String[] parts = margin.split("/", -1);
            tiers.append(tiers.length() == 1 ? "" : ",")
                    .append(
                            "{\"lowerBound\":\"%s\",\"initialMargin\":\"%s\",\"maintenanceMargin\":\"%s\"}"
                                    .formatted(parts[0], parts[1], parts[2]));
        }
        return btc("tiers", tiers.append("]"));
    }

    private static List<String> exceeded(Market agreed, Market before, Market next) {
        return SoloRule.exceeded(agreed, before, next, BOUNDS).stream()
                .map(BoundExceeded::field)
                .toList();
    }

    /** At the bound one administrator is enough, one unit beyond takes two. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    # field               | at the bound  | beyond
                    maxLeverage           | 22            | 23
                    minOrderSize          | "0.00012"     | "0.00013"
                    maxOrderSize          | "1250"        | "1250.00001"
                    maxOpenInterest       | "12500"       | "12500.00001"
                    marketOrderSlippage   | "0.0375"      | "0.037500001"
                    priceBand             | "0.125"       | "0.125000001"
                    maxPriceChange        | "0.0625"      | "0.062500001"
                    stalenessMillis       | 12500         | 12501
                    impactNotional        | "25000"       | "25000.000001"
                    impactNotional        | "15000"       | "14999.999999"
                    liquidationFee        | "0.0125"      | "0.012500001"
                    liquidationFee        | "0.0075"      | "0.007499999"
                    takerFee              | "0.000625"    | "0.000625001"
                    takerFee              | "0.000375"    | "0.000374999"
                    makerFee              | "0.00025"     | "0.000250001"
                    makerFee              | "0.00015"     | "0.000149999"
                    insuranceContribution | "0.000125"    | "0.000125001"
                    insuranceContribution | "0.000075"    | "0.000074999"
                    fundingIntervalMillis | 4500000       | 4500001
                    fundingIntervalMillis | 2700000       | 2699999
                    fundingCap            | "0.05"        | "0.050000001"
                    oracleId              | "BTC/USD"     | "BTC/USDT"
                    """)
    void shouldTakeTwoWhenAParameterGoesBeyondItsBound(String field, String at, String beyond)
            throws Exception {
        assertThat(exceeded(btc(), btc(), btc(field, at))).isEmpty();
        assertThat(exceeded(btc(), btc(), btc(field, beyond)))
                .containsExactly("definition." + field);
    }

    /** What is safer is free, however far it goes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    maxLeverage           | 1
                    minOrderSize          | "0.00001"
                    maxOrderSize          | "0.0001"
                    maxOpenInterest       | "1"
                    marketOrderSlippage   | "0.0001"
                    priceBand             | "0.0001"
                    maxPriceChange        | "0.0001"
                    stalenessMillis       | 1000
                    fundingCap            | "0.0001"
                    """)
    void shouldTakeOneWhenItIsSafer(String field, String value) throws Exception {
        assertThat(exceeded(btc(), btc(), btc(field, value))).isEmpty();
    }

    /** BTC-PERP: 5 % and 3 %, from twenty million dollars on 10 % and 6 %. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # first tier       | second tier             | what exceeds
                    0/0.045/0.027      | 20000000/0.1/0.06       |
                    0/0.044999999/0.03 | 20000000/0.1/0.06       | initialMargin from a notional of 0: from 0.05 to 0.044999999, more than 10 % down
                    0/0.05/0.026999999 | 20000000/0.1/0.06       | maintenanceMargin from a notional of 0: from 0.03 to 0.026999999, more than 10 % down
                    0/0.05/0.045       | 20000000/0.1/0.06       |
                    0/0.05/0.045000001 | 20000000/0.1/0.06       | maintenanceMargin from a notional of 0: from 0.03 to 0.045000001, more than 50 % up
                    0/0.9/0.03         | 20000000/1/0.06         |
                    0/0.05/0.03        | 20000000/0.089999999/0.06 | initialMargin from a notional of 20000000: from 0.1 to 0.089999999, more than 10 % down
                    0/0.05/0.03        | 30000000/0.1/0.06       | initialMargin from a notional of 20000000: from 0.1 to 0.05, more than 10 % down
                    0/0.05/0.03        | 10000000/0.1/0.06       | maintenanceMargin from a notional of 10000000: from 0.03 to 0.06, more than 50 % up
                    """)
    void shouldCompareMarginsOfEveryNotional(String first, String second, String expected)
            throws Exception {
        List<BoundExceeded> exceeded =
                SoloRule.exceeded(btc(), btc(), withTiers(first, second), BOUNDS);

        assertThat(exceeded.stream().findFirst().map(BoundExceeded::detail).orElse(null))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    ANNOUNCED,   POST_ONLY,   true
                    ANNOUNCED,   DELISTED,    false
                    POST_ONLY,   ACTIVE,      true
                    POST_ONLY,   REDUCE_ONLY, false
                    POST_ONLY,   HALTED,      false
                    ACTIVE,      ACTIVE,      false
                    ACTIVE,      POST_ONLY,   false
                    ACTIVE,      REDUCE_ONLY, false
                    ACTIVE,      CANCEL_ONLY, false
                    ACTIVE,      HALTED,      false
                    REDUCE_ONLY, ACTIVE,      true
                    REDUCE_ONLY, HALTED,      false
                    REDUCE_ONLY, SETTLING,    true
                    CANCEL_ONLY, POST_ONLY,   true
                    CANCEL_ONLY, REDUCE_ONLY, false
                    HALTED,      POST_ONLY,   true
                    HALTED,      REDUCE_ONLY, false
                    HALTED,      CANCEL_ONLY, false
                    HALTED,      SETTLING,    true
                    SETTLING,    DELISTED,    false
                    """)
    void shouldTakeTwoToOpenAMarketAndToEndItAndOneToStopIt(
            MarketStatus from, MarketStatus to, boolean takesTwo) throws Exception {
        Market before = btc("status", "\"" + from + "\"");
        Market next = btc("status", "\"" + to + "\"");

        assertThat(exceeded(before, before, next))
                .isEqualTo(takesTwo ? List.of("definition.status") : List.of());
    }

    @Test
    void shouldNotAddUpWhenManySmallChangesFollowOneAnother() throws Exception {
        Market once = btc("priceBand", "\"0.12\"");
        Market twice = btc("priceBand", "\"0.14\"");

        assertThat(exceeded(btc(), btc(), once)).isEmpty();
        assertThat(exceeded(btc(), once, twice)).containsExactly("definition.priceBand");
        assertThat(exceeded(btc(), btc("priceBand", "\"0.01\""), btc())).isEmpty();
    }

    /** A market may stand beyond the bounds: from before there were any, or as they were. */
    @ParameterizedTest
    @EnumSource(names = {"HALTED", "CANCEL_ONLY", "REDUCE_ONLY"})
    void shouldLetOneStopAMarketWhateverItsOtherParametersAre(MarketStatus status)
            throws Exception {
        Object[] far = {"priceBand", "\"0.4\"", "maxLeverage", 1, "takerFee", "\"0.01\""};
        Market before = btc(far);
        ObjectNode stopped = (ObjectNode) JSON.readTree(EventCodec.encode(Market.class, before));
        stopped.put("status", status.name());

        assertThat(
                        exceeded(
                                btc(),
                                before,
                                EventCodec.decode(Market.class, JSON.writeValueAsBytes(stopped))))
                .isEmpty();
    }

    @Test
    void shouldLetOneDoAnythingToAMarketThatTakesNothingYet() throws Exception {
        Market announced = btc("status", "\"ANNOUNCED\"");

        assertThat(
                        exceeded(
                                announced,
                                announced,
                                btc("status", "\"ANNOUNCED\"", "oracleId", "\"X\"")))
                .isEmpty();
    }

    @Test
    void shouldRefuseBoundsThatBindNothing() {
        assertThatThrownBy(() -> new SoloBounds(100, 0, 0, 0, 0, 0, 0, Rate.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SoloBounds(0, 0, 0, -1, 0, 0, 0, Rate.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
