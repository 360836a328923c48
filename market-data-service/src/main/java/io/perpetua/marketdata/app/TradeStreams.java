package io.perpetua.marketdata.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.UserTransactions;
import io.perpetua.edge.stream.StreamHub;
import io.perpetua.edge.stream.StreamTopic;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Gapless;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.domain.candle.RollingDay;
import io.perpetua.marketdata.persistence.CandleStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Streams candles and tickers: what {@link #look} finds committed, so that the stream and the
 * interface for requests never differ, whichever process folds the trades. A look is a query a
 * frame and one of totals, however many clients there are. Their sequences count the changes that
 * this process has streamed.
 */
@ApplicationScoped
public class TradeStreams {
    /** Minutes are read back this far, and the whole day once in as long. */
    private static final long REREAD_MILLIS = 2 * Frame.MINUTE.millis();

    private final ListedMarkets markets;
    private final NewestPrices prices;
    private final BookTops tops;
    private final UserTransactions transactions;
    private final CandleStore candles;
    private final StreamHub hub;
    private final Clock clock;
    private final Map<MarketId, NavigableMap<Long, Candle>> day = new HashMap<>();
    private final Map<StreamTopic, NavigableMap<Long, StreamedCandle>> streamedCandles =
            new HashMap<>();
    private final Map<StreamTopic, Ticker> tickers = new HashMap<>();
    private final Map<StreamTopic, Long> sequences = new HashMap<>();
    private long lookedMillis = Long.MIN_VALUE;
    private long wholeDayMillis = Long.MIN_VALUE;

    TradeStreams(
            ListedMarkets markets,
            NewestPrices prices,
            BookTops tops,
            UserTransactions transactions,
            CandleStore candles,
            StreamHub hub,
            Clock clock) {
        this.markets = markets;
        this.prices = prices;
        this.tops = tops;
        this.transactions = transactions;
        this.candles = candles;
        this.hub = hub;
        this.clock = clock;
    }

    /** What channel {@code candles} says of one interval. */
    @RegisterForReflection
    record StreamedCandle(
            Instant openAt,
            Price open,
            Price high,
            Price low,
            Price close,
            Quantity volume,
            Usd volumeUsd,
            long trades) {
        static StreamedCandle of(Candle candle) {
            return new StreamedCandle(
                    Instant.ofEpochMilli(candle.openMillis()),
                    candle.open(),
                    candle.high(),
                    candle.low(),
                    candle.close(),
                    candle.volume(),
                    candle.volumeUsd(),
                    candle.trades());
        }
    }

    /** What channel {@code ticker} says; prices are null while there are none. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Ticker(
            MarketStatus status,
            @Nullable Price last,
            @Nullable Price bestBid,
            @Nullable Price bestAsk,
            @Nullable Price mark,
            @Nullable Price oracle,
            @Nullable Price open,
            @Nullable Price high,
            @Nullable Price low,
            Quantity volume,
            Usd volumeUsd,
            long trades,
            Quantity openInterest) {}

    /** What a look finds: minutes of as long as it reads back, of longer frames the newest two. */
    private record Committed(
            Map<Frame, Map<MarketId, List<Candle>>> candles, List<MarketTotal> totals) {
        List<Candle> of(Frame frame, MarketId market) {
            return candles.getOrDefault(frame, Map.of()).getOrDefault(market, List.of());
        }
    }

    /** Streams what has changed since the last look; by one thread. */
    public void look() {
        long now = clock.millis();
        long minute = Frame.MINUTE.begin(now);
        long dayFrom = minute + Frame.MINUTE.millis() - RollingDay.MILLIS;
        wholeDayMillis = Math.min(wholeDayMillis, now);
        boolean whole = lookedMillis == Long.MIN_VALUE || now - wholeDayMillis >= REREAD_MILLIS;
        long from =
                whole
                        ? dayFrom
                        : Math.max(dayFrom, Frame.MINUTE.begin(lookedMillis) - REREAD_MILLIS);
        List<MarketId> ids = markets.all().stream().map(Market::id).toList();
        Committed committed =
                transactions.callPublic(
                        connection -> {
                            Map<Frame, Map<MarketId, List<Candle>>> traded =
                                    new EnumMap<>(Frame.class);
                            for (Frame frame : Frame.values()) {
                                long since = frame == Frame.MINUTE ? from : since(frame, minute);
                                traded.put(
                                        frame, candles.tradedSince(connection, ids, frame, since));
                            }
                            return new Committed(traded, candles.totals(connection));
                        });
        if (whole) {
            day.clear();
            wholeDayMillis = now;
        }
        Map<MarketId, MarketTotal> totals = new HashMap<>();
        committed.totals.forEach(total -> totals.put(total.market(), total));
        for (Market market : markets.all()) {
            MarketTotal total = totals.get(market.id());
            NavigableMap<Long, Candle> known =
                    day.computeIfAbsent(market.id(), first -> new TreeMap<>());
            committed
                    .of(Frame.MINUTE, market.id())
                    .forEach(candle -> known.put(candle.openMillis(), candle));
            known.headMap(dayFrom).clear();
            if (total != null) {
                for (Frame frame : Frame.values()) {
                    List<Candle> newest =
                            frame == Frame.MINUTE
                                    ? List.copyOf(known.tailMap(since(frame, minute)).values())
                                    : committed.of(frame, market.id());
                    streamCandles(market, frame, newest, known, total.last(), minute);
                }
            }
            streamTicker(market, known, total);
        }
        lookedMillis = now;
    }

    /** When the earliest candle of a frame begins that a look may find changed. */
    private static long since(Frame frame, long minute) {
        return frame.begin(minute - REREAD_MILLIS);
    }

    /**
     * Streams the newest candles of a frame.
     *
     * @param newest those of them with trades
     * @param minutes with trades, of a day
     */
    private void streamCandles(
            Market market,
            Frame frame,
            List<Candle> newest,
            NavigableMap<Long, Candle> minutes,
            Price last,
            long minute) {
        StreamTopic topic = StreamChannel.candles(market.symbol(), frame.toString());
        long from = since(frame, minute);
        Map.Entry<Long, Candle> earlier = minutes.lowerEntry(from);
        Price closeBefore =
                earlier != null ? earlier.getValue().close() : newest.isEmpty() ? last : null;
        NavigableMap<Long, StreamedCandle> before =
                streamedCandles.computeIfAbsent(topic, first -> new TreeMap<>());
        before.headMap(from).clear();
        boolean changed = false;
        for (Candle candle :
                Gapless.fill(
                        frame, newest, closeBefore, from, frame.begin(minute) + frame.millis())) {
            StreamedCandle data = StreamedCandle.of(candle);
            // After a late change the present one goes out again: the newest is the snapshot.
            changed |= !data.equals(before.put(candle.openMillis(), data));
            if (changed) {
                stream(topic, data.openAt().toString(), data);
            }
        }
    }

    private void streamTicker(
            Market market, NavigableMap<Long, Candle> known, @Nullable MarketTotal total) {
        RollingDay statistics =
                RollingDay.of(List.copyOf(known.values()), total == null ? null : total.last());
        MarkPrice mark = prices.mark(market.id());
        BookTop top = tops.of(market.id());
        Ticker ticker =
                new Ticker(
                        market.status(),
                        total == null ? null : total.last(),
                        top == null ? null : top.bestBid(),
                        top == null ? null : top.bestAsk(),
                        mark == null ? null : mark.mark(),
                        mark == null ? null : mark.oracle(),
                        statistics.open(),
                        statistics.high(),
                        statistics.low(),
                        statistics.volume(),
                        statistics.volumeUsd(),
                        statistics.trades(),
                        total == null ? Quantity.ZERO : total.openInterest());
        StreamTopic topic = StreamChannel.TICKER.of(market.symbol());
        if (!ticker.equals(tickers.put(topic, ticker))) {
            stream(topic, "", ticker);
        }
    }

    private void stream(StreamTopic topic, String key, Object data) {
        hub.publish(topic, sequences.merge(topic, 1L, Long::sum), key, data);
    }
}
