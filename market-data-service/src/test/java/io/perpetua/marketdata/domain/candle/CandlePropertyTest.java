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
import java.util.List;
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

        TreeMap<Long, Candle> stored = new TreeMap<>();
        MarketTotal total = null;
        for (int from = 0; from < trades.size(); ) {
            int to = Math.min(trades.size(), from + 1 + random.nextInt(100));
            MarketFold fold = new MarketFold(trades.get(from));
            trades.subList(from + 1, to).forEach(fold::add);
            for (Candle candle : fold.candles()) {
                stored.merge(candle.openMillis(), candle, Candle::followedBy);
            }
            total = MarketTotal.sum(total, fold);
            from = to;
        }

        for (Candle candle : stored.values()) {
            assertThat(candle).as("seed %s", seed).isEqualTo(naive(trades, candle.openMillis()));
        }
        assertThat(stored.values().stream().mapToLong(Candle::trades).sum())
                .isEqualTo(trades.size())
                .isEqualTo(total.trades());
        assertThat(total.volumeUnits())
                .isEqualTo(
                        BigInteger.valueOf(
                                trades.stream().mapToLong(trade -> trade.size().units()).sum()));
        assertThat(total.last()).isEqualTo(trades.getLast().price());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldHaveEveryMinuteOnceWhenFilled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TreeMap<Long, Candle> stored = new TreeMap<>();
        for (TradeExecuted trade : trades(random, 200)) {
            Candle candle = Candle.of(trade);
            stored.merge(candle.openMillis(), candle, Candle::followedBy);
        }
        long from = stored.firstKey();
        long to = stored.lastKey() + 10 * Candle.MILLIS;

        List<Candle> all = Gapless.fill(List.copyOf(stored.values()), null, from, to);

        assertThat(all).hasSize((int) ((to - from) / Candle.MILLIS));
        Price close = null;
        long minute = from;
        for (Candle candle : all) {
            assertThat(candle.openMillis()).isEqualTo(minute);
            if (candle.trades() == 0) {
                assertThat(candle).isEqualTo(Candle.empty(minute, close));
            } else {
                assertThat(candle).isEqualTo(stored.get(minute));
            }
            close = candle.close();
            minute += Candle.MILLIS;
        }
    }

    private static Candle naive(List<TradeExecuted> trades, long openMillis) {
        List<TradeExecuted> inside =
                trades.stream()
                        .filter(
                                trade ->
                                        trade.atMillis() >= openMillis
                                                && trade.atMillis() < openMillis + 60_000)
                        .toList();
        return new Candle(
                openMillis,
                inside.getFirst().price(),
                inside.stream().map(TradeExecuted::price).max(Price::compareTo).orElseThrow(),
                inside.stream().map(TradeExecuted::price).min(Price::compareTo).orElseThrow(),
                inside.getLast().price(),
                new Quantity(inside.stream().mapToLong(trade -> trade.size().units()).sum()),
                new Usd(inside.stream().mapToLong(trade -> trade.notional().micros()).sum()),
                inside.size());
    }

    /** Mostly ascending in time, some late. */
    private static List<TradeExecuted> trades(SplittableRandom random, int count) {
        List<TradeExecuted> trades = new ArrayList<>();
        long at = 1_640_995_200_000L;
        for (int i = 1; i <= count; i++) {
            at += random.nextInt(i % 50 == 0 ? 400_000 : 3_000);
            long late = random.nextInt(20) == 0 ? random.nextInt(90_000) : 0;
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
