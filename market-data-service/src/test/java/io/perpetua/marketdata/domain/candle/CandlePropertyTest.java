package io.perpetua.marketdata.domain.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandlePropertyTest {
    private static final MarketId MARKET = new MarketId(1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldEqualTheObviousFoldHoweverTradesAreBatched(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TradeExecuted> trades = trades(random, 3_000);

        Map<Frame, TreeMap<Long, Candle>> stored = new EnumMap<>(Frame.class);
        MarketTotal total = null;
        for (int from = 0; from < trades.size(); ) {
            int to = Math.min(trades.size(), from + 1 + random.nextInt(100));
            MarketFold fold = new MarketFold(trades.get(from));
            trades.subList(from + 1, to).forEach(fold::add);
            for (Frame frame : Frame.values()) {
                TreeMap<Long, Candle> ofFrame = stored.computeIfAbsent(frame, f -> new TreeMap<>());
                for (Candle candle : fold.candles().candles(frame)) {
                    ofFrame.merge(candle.openMillis(), candle, Candle::followedBy);
                }
            }
            total = MarketTotal.sum(total, fold);
            from = to;
        }

        for (Frame frame : Frame.values()) {
            assertThat(stored.get(frame).values())
                    .as("seed %s, frame %s", seed, frame)
                    .containsExactlyElementsOf(naive(trades, frame).values());
            for (Frame shorter : Frame.values()) {
                if (shorter.millis() < frame.millis()) {
                    assertThat(CandleFold.fold(stored.get(shorter).values(), frame))
                            .as("seed %s, frame %s of %s", seed, frame, shorter)
                            .containsExactlyElementsOf(stored.get(frame).values());
                }
            }
        }
        assertThat(total.trades()).isEqualTo(trades.size());
        assertThat(total.volumeUnits())
                .isEqualTo(
                        BigInteger.valueOf(
                                trades.stream().mapToLong(trade -> trade.size().units()).sum()));
        assertThat(total.last()).isEqualTo(trades.getLast().price());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldHaveEveryFrameOnceWhenFilled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TradeExecuted> trades = trades(random, 200);
        for (Frame frame : Frame.values()) {
            SortedMap<Long, Candle> stored = naive(trades, frame);
            long from = stored.firstKey();
            long to = stored.lastKey() + 10 * frame.millis();

            List<Candle> all = Gapless.fill(frame, List.copyOf(stored.values()), null, from, to);

            assertThat(all).as("seed %s", seed).hasSize((int) ((to - from) / frame.millis()));
            Price close = null;
            long next = from;
            for (Candle candle : all) {
                assertThat(candle.openMillis()).isEqualTo(next);
                if (candle.trades() == 0) {
                    assertThat(candle).isEqualTo(Candle.empty(next, close));
                } else {
                    assertThat(candle).isEqualTo(stored.get(next));
                }
                close = candle.close();
                next += frame.millis();
            }
            assertThat(CandleFold.fold(all, Frame.DAY).stream().filter(day -> day.trades() > 0))
                    .as("seed %s: repetitions add nothing", seed)
                    .containsExactlyElementsOf(naive(trades, Frame.DAY).values());
        }
    }

    /** Trades by time, those of one time in the order they came, cut into frames. */
    private static SortedMap<Long, Candle> naive(List<TradeExecuted> trades, Frame frame) {
        TreeMap<Long, List<TradeExecuted>> cut = new TreeMap<>();
        trades.stream()
                .sorted(Comparator.comparingLong(TradeExecuted::atMillis))
                .forEach(
                        trade ->
                                cut.computeIfAbsent(
                                                trade.atMillis()
                                                        - trade.atMillis() % frame.millis(),
                                                begin -> new ArrayList<>())
                                        .add(trade));
        TreeMap<Long, Candle> candles = new TreeMap<>();
        cut.forEach(
                (begin, inside) ->
                        candles.put(
                                begin,
                                new Candle(
                                        begin,
                                        inside.getFirst().atMillis(),
                                        inside.getLast().atMillis(),
                                        inside.getFirst().price(),
                                        inside.stream()
                                                .map(TradeExecuted::price)
                                                .max(Price::compareTo)
                                                .orElseThrow(),
                                        inside.stream()
                                                .map(TradeExecuted::price)
                                                .min(Price::compareTo)
                                                .orElseThrow(),
                                        inside.getLast().price(),
                                        new Quantity(
                                                inside.stream()
                                                        .mapToLong(trade -> trade.size().units())
                                                        .sum()),
                                        new Usd(
                                                inside.stream()
                                                        .mapToLong(
                                                                trade -> trade.notional().micros())
                                                        .sum()),
                                        inside.size())));
        return candles;
    }

    /** Mostly ascending in time, some at one time, some late by up to a day. */
    private static List<TradeExecuted> trades(SplittableRandom random, int count) {
        List<TradeExecuted> trades = new ArrayList<>();
        long at = 1_640_995_200_000L;
        for (int i = 1; i <= count; i++) {
            at += random.nextInt(3) == 0 ? 0 : random.nextInt(i % 50 == 0 ? 9_000_000 : 3_000);
            long late =
                    random.nextInt(20) == 0
                            ? random.nextInt(random.nextInt(5) == 0 ? 90_000_000 : 90_000)
                            : 0;
            Price price = new Price((400_000 + random.nextInt(10_000)) * 10_000_000L);
            Quantity size = new Quantity((1 + random.nextInt(1_000)) * 1_000L);
            trades.add(
                    new TradeExecuted(
                            new TradeId(i),
                            MARKET,
                            price,
                            size,
                            Amounts.notional(price, size),
                            random.nextBoolean() ? Side.BUY : Side.SELL,
                            new Quantity(1),
                            at - late));
        }
        return trades;
    }
}
