package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.eventlog.Incoming;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.domain.candle.TickSequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceHistoryShardPropertyTest {
    private static final MarketId MARKET = new MarketId(1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldKeepEachPriceOnceWhenTheyComeTwiceLateAndAfterARestart(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<OraclePrice> prices = prices(random, 2_000);
        TreeMap<Long, Candle> minutes = new TreeMap<>();
        List<OraclePrice> kept = new ArrayList<>();
        PriceHistoryShard shard = new PriceHistoryShard(0);

        for (int i = 0; i < prices.size(); i++) {
            send(shard, prices.get(i));
            if (random.nextInt(4) == 0) {
                send(shard, prices.get(random.nextInt(i + 1)));
            }
            if (random.nextInt(30) == 0) {
                shard = commit(shard, random.nextBoolean(), minutes, kept);
            }
        }
        commit(shard, false, minutes, kept);

        assertThat(kept).as("seed %s", seed).containsExactlyElementsOf(prices);
        for (Frame frame : Frame.values()) {
            CandleFold expected = new CandleFold(MARKET, Series.ORACLE);
            prices.stream()
                    .filter(price -> price.fault() == null)
                    .map(price -> Candle.of(price.publishedAtMillis(), price.price()))
                    .forEach(expected::add);
            assertThat(CandleFold.fold(minutes.values(), frame))
                    .as("seed %s, frame %s", seed, frame)
                    .containsExactlyElementsOf(expected.candles(frame));
        }
    }

    /** Takes what is to be written; sometimes the next shard is another, loaded from it. */
    private static PriceHistoryShard commit(
            PriceHistoryShard shard,
            boolean restart,
            Map<Long, Candle> minutes,
            List<OraclePrice> kept) {
        PriceHistoryShard.Batch batch = shard.takeBatch();
        kept.addAll(batch.oracle());
        batch.candles()
                .forEach(
                        fold ->
                                fold.candles(Frame.MINUTE)
                                        .forEach(
                                                candle ->
                                                        minutes.merge(
                                                                candle.openMillis(),
                                                                candle,
                                                                Candle::followedBy)));
        assertThat(batch.mark()).hasSameSizeAs(batch.oracle());
        if (!restart) {
            return shard;
        }
        PriceHistoryShard loaded = new PriceHistoryShard(0);
        if (!kept.isEmpty()) {
            long newest = kept.getLast().sequence();
            loaded.restore(new TickSequences(MARKET, newest, newest));
        }
        assertThat(loaded.stateHash()).isEqualTo(shard.stateHash());
        return loaded;
    }

    private static void send(PriceHistoryShard shard, OraclePrice price) {
        handle(shard, Topics.ORACLE_PRICES.name(), EventCodec.encode(OraclePrice.class, price));
        handle(
                shard,
                Topics.MARK_PRICES.name(),
                EventCodec.encode(
                        MarkPrice.class,
                        new MarkPrice(
                                price.market(),
                                price.sequence(),
                                price.price(),
                                price.price(),
                                price.publishedAtMillis())));
    }

    private static void handle(PriceHistoryShard shard, String topic, byte[] value) {
        shard.handle(
                new Incoming(topic, 0, 0, value, null),
                0,
                record -> {
                    throw new AssertionError("nothing is published");
                });
    }

    private static List<OraclePrice> prices(SplittableRandom random, int count) {
        List<OraclePrice> prices = new ArrayList<>();
        long at = 1_640_995_200_000L;
        long sequence = 0;
        for (int i = 0; i < count; i++) {
            at += 100 + random.nextInt(i % 100 == 0 ? 9_000_000 : 20_000);
            sequence += 1 + random.nextInt(3);
            prices.add(
                    new OraclePrice(
                            MARKET,
                            sequence,
                            new Price((400_000 + random.nextInt(10_000)) * 10_000_000L),
                            Quantity.ZERO,
                            "test",
                            at,
                            null,
                            random.nextInt(5) == 0 ? PriceFault.UNCERTAIN : null,
                            null,
                            null,
                            null));
        }
        return prices;
    }
}
