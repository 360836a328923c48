package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.Price;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fills the frames in which nothing happened, in one pass over a range: one candle for each frame,
 * ascending; none before the market's first.
 */
public final class Gapless {
    private final Frame frame;
    private final Consumer<Candle> sink;
    private @Nullable Price close;
    private long nextMillis;

    /**
     * From {@code fromMillis}, which begins a frame, on.
     *
     * @param closeBefore the last price before it, or null when there was none
     */
    public Gapless(
            Frame frame, @Nullable Price closeBefore, long fromMillis, Consumer<Candle> sink) {
        this.frame = frame;
        this.close = closeBefore;
        this.nextMillis = fromMillis;
        this.sink = sink;
    }

    /** Takes the next frame in which something happened. */
    public void add(Candle candle) {
        fillTo(candle.openMillis());
        sink.accept(candle);
        close = candle.close();
        nextMillis = candle.openMillis() + frame.millis();
    }

    /** Fills up to before {@code toMillis}, which begins a frame. */
    public void fillTo(long toMillis) {
        Price repeated = close;
        if (repeated == null) {
            nextMillis = Math.max(nextMillis, toMillis);
            return;
        }
        for (; nextMillis < toMillis; nextMillis += frame.millis()) {
            sink.accept(Candle.empty(nextMillis, repeated));
        }
    }

    /**
     * All frames from {@code fromMillis} to before {@code toMillis}, both of which begin a frame.
     *
     * @param known those within the range in which something happened, ascending
     */
    public static List<Candle> fill(
            Frame frame,
            List<Candle> known,
            @Nullable Price closeBefore,
            long fromMillis,
            long toMillis) {
        List<Candle> all = new ArrayList<>();
        Gapless gapless = new Gapless(frame, closeBefore, fromMillis, all::add);
        known.forEach(gapless::add);
        gapless.fillTo(toMillis);
        return all;
    }
}
