package io.perpetua.marketdata.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarketPricingTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final MarketSources SIMULATED = MarketSources.simulated(1);
    private static final long NOW = 1_700_000_000_000L;

    private final MarketPricing pricing = MarketPricing.first(BTC, SIMULATED);

    @Test
    void shouldNumberItsPricesFromOneWhenItIsNew() {
        assertThat(priced(pricing, 0).mark().sequence()).isEqualTo(1);
        assertThat(priced(pricing, 200).mark().sequence()).isEqualTo(2);
    }

    @Test
    void shouldGoOnWhereItWasWhenRestored() {
        for (int i = 0; i < 100; i++) {
            pricing.update(top(NOW + i * 200L), NOW + i * 200L);
        }
        MarketPricing restored = MarketPricing.restored(BTC, SIMULATED, pricing.state());

        long next = NOW + 100 * 200L;
        assertThat(restored.update(top(next), next)).isEqualTo(pricing.update(top(next), next));
        assertThat(restored.state()).isEqualTo(pricing.state());
    }

    @Test
    void shouldPlayBarsThenWalkOnFromTheLastWhenBarsRunOut() {
        priced(pricing, 0);
        pricing.replay().speed(250_000);
        pricing.replay().append(List.of(bar("46200", "46300", "46100", "46250")));

        assertThat(priced(pricing, 200).oracle().price()).isEqualTo(Price.parse("46200"));
        assertThat(priced(pricing, 400).oracle().price()).isEqualTo(Price.parse("46100"));
        assertThat(priced(pricing, 600).oracle().price()).isEqualTo(Price.parse("46300"));
        assertThat(priced(pricing, 800).oracle().price()).isEqualTo(Price.parse("46250"));
        PriceUpdate.Priced walked = priced(pricing, 1_000);
        assertThat(walked.oracle().source()).isEqualTo("simulated");
        assertThat(walked.oracle().price()).isBetween(Price.parse("46200"), Price.parse("46300"));
    }

    @Test
    void shouldHoldThePriceWhenAReplayBeginsFarAway() {
        priced(pricing, 0);
        pricing.replay().speed(100_000);
        pricing.replay().append(List.of(bar("20000", "20000", "20000", "20000")));

        PriceUpdate.Priced held = priced(pricing, 200);
        assertThat(held.oracle().fault()).isEqualTo(PriceFault.JUMP_UNCONFIRMED);
        assertThat(held.oracle().price()).isGreaterThan(Price.parse("46000"));
        assertThat(held.mark().atMillis()).isEqualTo(NOW);
        assertThat(priced(pricing, 400).oracle().price()).isEqualTo(Price.parse("20000"));
        assertThat(priced(pricing, 600).mark().sequence()).isEqualTo(4);
    }

    @Test
    void shouldWalkOnFromTheLastValidPriceWhenAReplayWasRefused() {
        for (int i = 0; i < 5; i++) {
            priced(pricing, i * 200L);
        }
        pricing.replay().speed(500_000);
        pricing.replay().append(List.of(bar("9000", "9000", "9000", "9000")));

        for (int i = 5; i < 7; i++) {
            assertThat(priced(pricing, i * 200L).oracle().fault()).isEqualTo(PriceFault.VOLATILE);
        }
        PriceUpdate.Priced walked = priced(pricing, 1_400);
        assertThat(walked.oracle().fault()).isNull();
        assertThat(walked.oracle().price()).isGreaterThan(Price.parse("46000"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void shouldIgnoreTheBookWhenItsTopIsStaleOrFarAhead(long side) {
        priced(pricing, 0);
        long atMillis = NOW + side * (BTC.stalenessMillis() + 2_001);
        BookTop off =
                new BookTop(
                        BTC.id(),
                        1,
                        Price.parse("46690"),
                        Quantity.parse("1"),
                        Price.parse("46710"),
                        Quantity.parse("1"),
                        null,
                        null,
                        null,
                        null,
                        atMillis);

        for (long after = 200; after <= 2_000; after += 200) {
            PriceUpdate.Priced priced = (PriceUpdate.Priced) pricing.update(off, NOW + after);
            assertThat(priced.mark().mark()).isEqualTo(priced.oracle().price());
        }
    }

    @Test
    @Tag("MARK")
    void shouldIgnoreTheLastTradeWhenItIsOlderThanHalfAMinute() {
        for (long ageMillis : List.of(-30_000L, 0L, 30_000L)) {
            assertThat(markWithATradeOf(ageMillis)).as("%s", ageMillis).isEqualTo("46305");
        }
        for (long ageMillis : List.of(-30_001L, 30_001L)) {
            assertThat(markWithATradeOf(ageMillis)).as("%s", ageMillis).isEqualTo("46300");
        }
    }

    /** After 20 minutes of a book of 46,290 and 46,310 with a last trade at 46,305. */
    private static String markWithATradeOf(long ageMillis) {
        NewestSample one = new NewestSample();
        NewestSample two = new NewestSample();
        MarketPricing outside = outside(one, two);
        String mark = "";
        for (int i = 0; i < 6_000; i++) {
            long after = i * 200L;
            say(one, "46400", after);
            say(two, "46400", after);
            BookTop top = top(NOW + after, Price.parse("46305"), NOW + after - ageMillis);
            PriceUpdate.Priced priced = (PriceUpdate.Priced) outside.update(top, NOW + after);
            mark = priced.mark().mark().toString();
        }
        return mark;
    }

    @Test
    @Tag("MARK")
    void shouldKeepTheBasisWhenOneSideOfTheBookIsGone() {
        NewestSample one = new NewestSample();
        NewestSample two = new NewestSample();
        MarketPricing outside = outside(one, two);
        long after = 0;
        for (int i = 0; i < 6_000; i++) {
            after += 200;
            say(one, "46400", after);
            say(two, "46400", after);
            outside.update(top(NOW + after), NOW + after);
        }

        after += 200;
        say(one, "46000", after);
        say(two, "46000", after);
        BookTop oneSided =
                new BookTop(
                        BTC.id(),
                        2,
                        Price.parse("46290"),
                        Quantity.parse("1"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        NOW + after);
        PriceUpdate.Priced priced = (PriceUpdate.Priced) outside.update(oneSided, NOW + after);

        // 46,000 + EMA150s(46,300 - 46,400), a thousandth of which has faded
        assertThat(priced.mark().mark()).isEqualTo(Price.parse("45900.1"));
    }

    @Test
    void shouldKeepItsPlaceWhenTheMarketChanges() {
        priced(pricing, 0);
        MarketPricing newer = pricing.under(BTC, SIMULATED);

        assertThat(priced(newer, 200).mark().sequence()).isEqualTo(2);
    }

    @Test
    void shouldPublishAtAGlanceWhatHasMovedAndKeepTheRestForTheUpdate() {
        NewestSample one = new NewestSample();
        NewestSample two = new NewestSample();
        MarketPricing outside = outside(one, two);
        assertThat(glance(outside, 0)).isInstanceOf(PriceUpdate.Unremarkable.class);
        say(one, "46300", 1);
        say(two, "46300", 1);
        assertThat(glance(outside, 1)).isInstanceOf(PriceUpdate.Priced.class);

        say(one, "46303", 2);
        say(two, "46303", 2);
        PriceUpdate little = glance(outside, 2);
        say(one, "46305", 3);
        say(two, "46305", 3);
        PriceUpdate enough = glance(outside, 3);

        assertThat(little).isEqualTo(new PriceUpdate.Unremarkable());
        assertThat(((PriceUpdate.Priced) enough).mark().mark()).isEqualTo(Price.parse("46305"));
        assertThat(((PriceUpdate.Priced) enough).mark().sequence()).isEqualTo(2);
        assertThat(glance(outside, 4)).isEqualTo(new PriceUpdate.Unremarkable());
        assertThat(((PriceUpdate.Priced) outside.update(null, NOW + 5)).mark().sequence())
                .isEqualTo(3);
    }

    @Test
    void shouldPublishAtAGlanceWhenAPriceBecomesInvalidAndWhenItIsValidAgain() {
        NewestSample one = new NewestSample();
        NewestSample two = new NewestSample();
        MarketPricing outside = outside(one, two);
        say(one, "46300", 1);
        say(two, "46300", 1);
        outside.update(null, NOW + 1);

        long late = BTC.stalenessMillis() + 10;
        say(one, "46300", late);
        PriceUpdate alone = glance(outside, late);
        say(one, "46300", late + 1);
        PriceUpdate still = glance(outside, late + 1);
        say(two, "46300", late + 2);
        PriceUpdate both = glance(outside, late + 2);

        assertThat(((PriceUpdate.Priced) alone).mark().fault())
                .isEqualTo(PriceFault.TOO_FEW_SOURCES);
        assertThat(still).isEqualTo(new PriceUpdate.Unremarkable());
        assertThat(((PriceUpdate.Priced) both).mark().fault()).isNull();
    }

    private static MarketPricing outside(NewestSample one, NewestSample two) {
        return MarketPricing.first(
                BTC,
                new MarketSources(
                        null,
                        List.of(
                                new OracleSource("one", 1, 60_000, one),
                                new OracleSource("two", 1, 60_000, two)),
                        2,
                        List.of()));
    }

    private static void say(NewestSample source, String price, long afterMillis) {
        source.offer(
                new OracleSample(
                        Price.parse(price).units(), 0, "source", NOW + afterMillis, afterMillis),
                NOW + afterMillis);
    }

    private static PriceUpdate glance(MarketPricing pricing, long afterMillis) {
        return pricing.glance(null, Rate.ofBasisPoints(1), NOW + afterMillis);
    }

    private static PriceUpdate.Priced priced(MarketPricing pricing, long afterMillis) {
        return (PriceUpdate.Priced) pricing.update(null, NOW + afterMillis);
    }

    private static BookTop top(long atMillis) {
        return top(atMillis, Price.parse("46300"), atMillis);
    }

    private static BookTop top(long atMillis, Price last, long lastAtMillis) {
        return new BookTop(
                BTC.id(),
                1,
                Price.parse("46290"),
                Quantity.parse("1"),
                Price.parse("46310"),
                Quantity.parse("1"),
                last,
                lastAtMillis,
                null,
                null,
                atMillis);
    }

    private static Bar bar(String open, String high, String low, String close) {
        return new Bar(
                0,
                Price.parse(open),
                Price.parse(high),
                Price.parse(low),
                Price.parse(close),
                Usd.ZERO);
    }
}
