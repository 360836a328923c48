package io.perpetua.marketdata.app;

import io.perpetua.edge.stream.StreamTopic;
import io.perpetua.marketdata.domain.candle.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The channels of this service's stream, each by market. */
public enum StreamChannel {
    /** What positions are valued at: each mark price as it is published. */
    MARKS,
    /** The index: each oracle price as it is published. */
    ORACLE,
    /** Everything at a glance, once a second when it has changed. */
    TICKER,
    /** The candle of the present interval, once a second when it has changed. */
    CANDLES;

    /** The intervals that candles are streamed in: all there are. */
    public static final List<String> INTERVALS =
            Arrays.stream(Frame.values()).map(Frame::toString).toList();

    /** How clients write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All of them as clients write them. */
    public static List<String> words() {
        return Arrays.stream(values()).map(StreamChannel::word).toList();
    }

    /** Of a market; of {@link #CANDLES} use {@link #candles}. */
    public StreamTopic of(String symbol) {
        return new StreamTopic(word(), symbol, null);
    }

    /** Candles of a market. */
    public static StreamTopic candles(String symbol, String interval) {
        return new StreamTopic(CANDLES.word(), symbol, interval);
    }
}
