package io.perpetua.marketdata.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.oracle.SimulatedMarkets;
import org.junit.jupiter.api.Test;

class DemoMarketsTest {
    @Test
    void shouldHaveDenseIdsAndTheSymbolsOfTheDemo() {
        assertThat(DemoMarkets.all())
                .extracting(Market::symbol)
                .containsExactly("BTC-PERP", "ETH-PERP", "SOL-PERP", "AVAX-PERP", "MATIC-PERP");
        assertThat(DemoMarkets.all())
                .extracting(market -> market.id().value())
                .containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void shouldNotLendMoreThanTheFirstTierAsks() {
        for (Market market : DemoMarkets.all()) {
            MarginTier first = market.tiers().getFirst();
            assertThat(first.initialMargin().nanos() * market.maxLeverage())
                    .as(market.symbol())
                    .isEqualTo(1_000_000_000L);
            for (MarginTier tier : market.tiers()) {
                assertThat(tier.maintenanceMargin()).isLessThan(tier.initialMargin());
            }
        }
    }

    @Test
    void shouldNeedWholeMicrosForATickOfAStep() {
        for (Market market : DemoMarkets.all()) {
            assertThat(market.microsPerTickStep()).as(market.symbol()).isPositive();
        }
    }

    @Test
    void shouldHaveAtMostSixDecimalsInStepAndTickTogether() {
        for (Market market : DemoMarkets.all()) {
            assertThat(decimals(market.step().toString()) + decimals(market.tick().toString()))
                    .as(market.symbol())
                    .isLessThanOrEqualTo(6);
        }
    }

    @Test
    void shouldCarryTheLargestOrderAndHaveASourceWhenSimulated() {
        for (Market market : DemoMarkets.all()) {
            Price price = SimulatedMarkets.walk(1, market).price();
            assertThat(market.carries(price, market.maxOrderSize())).isTrue();
            assertThat(market.impactNotional()).isLessThan(Usd.ofDollars(1_000_000));
        }
    }

    @Test
    void shouldReadBackAsWritten() {
        for (Market market : DemoMarkets.all()) {
            assertThat(EventCodec.decode(Market.class, EventCodec.encode(Market.class, market)))
                    .isEqualTo(market);
        }
    }

    private static int decimals(String text) {
        int point = text.indexOf('.');
        return point < 0 ? 0 : text.length() - point - 1;
    }
}
