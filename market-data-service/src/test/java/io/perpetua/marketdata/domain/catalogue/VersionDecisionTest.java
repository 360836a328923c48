package io.perpetua.marketdata.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionDecisionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW = 1_800_000_000_000L;

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

    private static VersionDecision change(Market before, Market next, long effectiveMillis) {
        return VersionDecision.change(
                new VersionDecision.Listed(before, NOW - 1, 0, false, true),
                next,
                effectiveMillis,
                NOW);
    }

    private static @Nullable String refusal(VersionDecision decision) {
        return decision instanceof VersionDecision.Refused refused
                ? refused.reason() + " " + refused.field()
                : null;
    }

    @Test
    void shouldAcceptWhatEveryDemoMarketIs() {
        for (Market market : DemoMarkets.all()) {
            assertThat(MarketParameters.firstBroken(market, null)).isNull();
        }
    }

    @Test
    void shouldAcceptTheNextVersionNowAndLater() throws Exception {
        Market next = btc("version", 2, "status", "\"HALTED\"", "takerFee", "\"0.001\"");

        assertThat(change(btc(), next, NOW)).isEqualTo(new VersionDecision.Accepted(next, NOW));
        assertThat(change(btc(), next, NOW + 1_000))
                .isEqualTo(new VersionDecision.Accepted(next, NOW + 1_000));
    }

    /** One broken rule a row, and what comes after it broken too: the first is reported. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    # field               | value         | refusal
                    version               | 3             | VERSION_NOT_NEXT definition.version
                    version               | 1             | VERSION_NOT_NEXT definition.version
                    id                    | "2"           | FIELD_FIXED definition.id
                    symbol                | "X-PERP"      | FIELD_FIXED definition.symbol
                    baseAsset             | "X"           | FIELD_FIXED definition.baseAsset
                    quoteAsset            | "USD"         | FIELD_FIXED definition.quoteAsset
                    tick                  | "1"           | FIELD_FIXED definition.tick
                    step                  | "0.0001"      | FIELD_FIXED definition.step
                    status                | "SETTLING"    | STATUS_UNREACHABLE definition.status
                    status                | "ANNOUNCED"   | STATUS_UNREACHABLE definition.status
                    maxLeverage           | 21            | PARAMETER_INVALID definition.maxLeverage
                    tiers                 | [{"lowerBound":"0","initialMargin":"0.03","maintenanceMargin":"0.03"}] | PARAMETER_INVALID definition.tiers
                    liquidationFee        | "0.04"        | PARAMETER_INVALID definition.liquidationFee
                    takerFee              | "-0.0001"     | PARAMETER_INVALID definition.takerFee
                    makerFee              | "-0.0006"     | PARAMETER_INVALID definition.makerFee
                    maxOrderSize          | "1000.000001" | PARAMETER_INVALID definition.maxOrderSize
                    maxOpenInterest       | "999"         | PARAMETER_INVALID definition.maxOpenInterest
                    priceBand             | "0"           | PARAMETER_INVALID definition.priceBand
                    marketOrderSlippage   | "0.2"         | PARAMETER_INVALID definition.marketOrderSlippage
                    impactNotional        | "0"           | PARAMETER_INVALID definition.impactNotional
                    impactNotional        | "1000000000.000001" | PARAMETER_INVALID definition.impactNotional
                    maxPriceChange        | "0.6"         | PARAMETER_INVALID definition.maxPriceChange
                    stalenessMillis       | 2999          | PARAMETER_INVALID definition.stalenessMillis
                    fundingIntervalMillis | 7000000       | PARAMETER_INVALID definition.fundingIntervalMillis
                    fundingCap            | "0.2"         | PARAMETER_INVALID definition.fundingCap
                    insuranceContribution | "-0.1"        | PARAMETER_INVALID definition.insuranceContribution
                    oracleId              | ""            | PARAMETER_INVALID definition.oracleId
                    """)
    void shouldNameTheFieldWhenAChangeBreaksARule(String field, String value, String expected)
            throws Exception {
        Market next = btc("version", 2, field, value);

        assertThat(refusal(change(btc(), next, NOW))).isEqualTo(expected);
    }

    @Test
    void shouldHaltAMarketWhoseLimitIsBelowWhatIsTheLeastNow() throws Exception {
        Market brief = btc("stalenessMillis", "1000");
        Market halted = btc("version", 2, "status", "\"HALTED\"", "stalenessMillis", "1000");
        Market moved = btc("version", 2, "stalenessMillis", "2000");
        Market raised = btc("version", 2, "stalenessMillis", "3000");

        assertThat(change(brief, halted, NOW)).isInstanceOf(VersionDecision.Accepted.class);
        assertThat(change(brief, raised, NOW)).isInstanceOf(VersionDecision.Accepted.class);
        assertThat(refusal(change(brief, moved, NOW)))
                .isEqualTo("PARAMETER_INVALID definition.stalenessMillis");
        assertThat(refusal(change(btc(), halted, NOW)))
                .isEqualTo("PARAMETER_INVALID definition.stalenessMillis");
    }

    @Test
    void shouldOpenNoMarketThatHasNoSourceOfPrices() throws Exception {
        Market announced = btc("status", "\"ANNOUNCED\"");
        VersionDecision.Listed without =
                new VersionDecision.Listed(announced, NOW - 1, 0, false, false);

        assertThat(
                        refusal(
                                VersionDecision.change(
                                        without,
                                        btc("version", 2, "status", "\"POST_ONLY\""),
                                        NOW,
                                        NOW)))
                .isEqualTo("PRICE_SOURCE_MISSING definition.oracleId");
        assertThat(
                        refusal(
                                VersionDecision.change(
                                        new VersionDecision.Listed(btc(), NOW - 1, 0, false, false),
                                        btc("version", 2, "takerFee", "\"0.001\""),
                                        NOW,
                                        NOW)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"-1", "7776000001"})
    void shouldRefuseTimesThatArePastOrFarOff(long fromNow) throws Exception {
        assertThat(refusal(change(btc(), btc("version", 2), NOW + fromNow)))
                .isEqualTo("EFFECTIVE_TIME_INVALID effectiveAt");
    }

    @Test
    void shouldKeepVersionsInTheOrderOfTheirTimes() throws Exception {
        VersionDecision.Listed waiting =
                new VersionDecision.Listed(btc("version", 2), NOW + 5_000, 1, false, true);

        assertThat(refusal(VersionDecision.change(waiting, btc("version", 3), NOW + 4_999, NOW)))
                .isEqualTo("EFFECTIVE_TIME_INVALID effectiveAt");
        assertThat(VersionDecision.change(waiting, btc("version", 3), NOW + 5_000, NOW))
                .isInstanceOf(VersionDecision.Accepted.class);
        VersionDecision.Listed many =
                new VersionDecision.Listed(
                        btc("version", 11), NOW, VersionDecision.MOST_WAITING, false, true);
        assertThat(refusal(VersionDecision.change(many, btc("version", 12), NOW, NOW)))
                .isEqualTo("VERSIONS_WAITING effectiveAt");
    }

    @ParameterizedTest
    @CsvSource({"REDUCE_ONLY", "CANCEL_ONLY", "HALTED"})
    void shouldSettleOnlyOnceNoPositionIsOpen(String status) throws Exception {
        Market ending = btc("status", '"' + status + '"');
        Market settling = btc("version", 2, "status", "\"SETTLING\"");

        assertThat(
                        refusal(
                                VersionDecision.change(
                                        new VersionDecision.Listed(ending, NOW, 0, true, true),
                                        settling,
                                        NOW,
                                        NOW)))
                .isEqualTo("POSITIONS_OPEN definition.status");
        assertThat(
                        refusal(
                                VersionDecision.change(
                                        new VersionDecision.Listed(ending, NOW, 1, false, true),
                                        settling,
                                        NOW,
                                        NOW)))
                .isEqualTo("STATUS_UNREACHABLE definition.status");
        assertThat(change(ending, settling, NOW)).isInstanceOf(VersionDecision.Accepted.class);
    }

    @Test
    void shouldLetAMarketSettleOnWhenPositionsAreOpen() throws Exception {
        Market settling = btc("status", "\"SETTLING\"");
        Market next = btc("version", 2, "status", "\"SETTLING\"", "takerFee", "\"0.001\"");

        assertThat(
                        VersionDecision.change(
                                new VersionDecision.Listed(settling, NOW, 0, true, true),
                                next,
                                NOW,
                                NOW))
                .isInstanceOf(VersionDecision.Accepted.class);
    }

    @Test
    void shouldGoBackFromSettlingOnlyWhileAPositionIsOpen() throws Exception {
        Market settling = btc("status", "\"SETTLING\"");
        Market reduceOnly = btc("version", 2, "status", "\"REDUCE_ONLY\"");
        Market active = btc("version", 2, "status", "\"ACTIVE\"");
        VersionDecision.Listed open = new VersionDecision.Listed(settling, NOW, 0, true, true);
        VersionDecision.Listed flat = new VersionDecision.Listed(settling, NOW, 0, false, true);

        assertThat(VersionDecision.change(open, reduceOnly, NOW, NOW))
                .isInstanceOf(VersionDecision.Accepted.class);
        assertThat(refusal(VersionDecision.change(flat, reduceOnly, NOW, NOW)))
                .isEqualTo("STATUS_UNREACHABLE definition.status");
        assertThat(refusal(VersionDecision.change(open, active, NOW, NOW)))
                .isEqualTo("STATUS_UNREACHABLE definition.status");
    }

    @Test
    void shouldDelistOnlyWhatIsSettledAndChangeNothingAfterwards() throws Exception {
        Market settling = btc("status", "\"SETTLING\"");
        Market delisted = btc("version", 2, "status", "\"DELISTED\"");
        Duration day = Duration.ofDays(1);

        assertThat(
                        refusal(
                                VersionDecision.change(
                                        new VersionDecision.Listed(settling, NOW, 0, true, true),
                                        delisted,
                                        NOW,
                                        NOW)))
                .isEqualTo("POSITIONS_OPEN definition.status");
        assertThat(
                        refusal(
                                VersionDecision.change(
                                        new VersionDecision.Listed(settling, NOW, 1, false, true),
                                        delisted,
                                        NOW + day.toMillis(),
                                        NOW)))
                .isEqualTo("STATUS_UNREACHABLE definition.status");
        assertThat(change(settling, delisted, NOW)).isInstanceOf(VersionDecision.Accepted.class);
        assertThat(refusal(change(delisted, btc("version", 3, "status", "\"DELISTED\""), NOW)))
                .isEqualTo("MARKET_DELISTED symbol");
    }

    @Test
    void shouldChangeTickAndStepWhileNothingRestsOnThem() throws Exception {
        Market announced = btc("status", "\"ANNOUNCED\"");

        assertThat(
                        change(
                                announced,
                                btc("version", 2, "status", "\"ANNOUNCED\"", "tick", "\"1\""),
                                NOW))
                .isInstanceOf(VersionDecision.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    version | 2           | VERSION_NOT_NEXT definition.version
                    id      | "7"         | FIELD_FIXED definition.id
                    status  | "ACTIVE"    | STATUS_UNREACHABLE definition.status
                    symbol  | "BTC-FUT"   | PARAMETER_INVALID definition.symbol
                    quoteAsset | "EUR"    | PARAMETER_INVALID definition.quoteAsset
                    maxLeverage | 50      | PARAMETER_INVALID definition.maxLeverage
                    """)
    void shouldListOnlyAnnouncedMarketsOfTheNextId(String field, String value, String expected)
            throws Exception {
        Market fresh = btc("id", "\"6\"", "status", "\"ANNOUNCED\"", field, value);

        assertThat(refusal(VersionDecision.list(fresh, 6, NOW, NOW))).isEqualTo(expected);
        assertThat(VersionDecision.list(btc("id", "\"6\"", "status", "\"ANNOUNCED\""), 6, NOW, NOW))
                .isInstanceOf(VersionDecision.Accepted.class);
        assertThat(
                        refusal(
                                VersionDecision.list(
                                        btc("id", "\"6\"", "status", "\"ANNOUNCED\""),
                                        6,
                                        NOW + 1,
                                        NOW)))
                .isEqualTo("EFFECTIVE_TIME_INVALID effectiveAt");
    }
}
