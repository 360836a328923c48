package io.perpetua.marketdata.api;

import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.edge.stream.StreamChannels;
import io.perpetua.edge.stream.StreamRequest;
import io.perpetua.edge.stream.StreamTopic;
import io.perpetua.marketdata.app.ListedMarkets;
import io.perpetua.marketdata.app.StreamChannel;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads which channel, and of what, a client subscribes to. */
@Singleton
public class MarketChannels implements StreamChannels {
    private final ListedMarkets markets;

    MarketChannels(ListedMarkets markets) {
        this.markets = markets;
    }

    @Override
    public StreamTopic topic(StreamRequest request) {
        StreamChannel channel =
                StreamChannel.valueOf(
                        word("channel", request.channel(), StreamChannel.words())
                                .toUpperCase(Locale.ROOT));
        String symbol = Fields.required("market", request.market(), text -> text);
        if (!markets.has(symbol)) {
            throw Problem.notFound("MARKET_UNKNOWN", "there is no such market")
                    .at("market")
                    .exception();
        }
        if (channel == StreamChannel.CANDLES) {
            return StreamChannel.candles(
                    symbol, word("interval", request.interval(), StreamChannel.INTERVALS));
        }
        if (request.interval() != null) {
            throw Problem.fieldInvalid("interval", "only candles have an 'interval'").exception();
        }
        return channel.of(symbol);
    }

    private static String word(String field, @Nullable String text, List<String> allowed) {
        String word = Fields.required(field, text, given -> given);
        if (!allowed.contains(word)) {
            throw Problem.fieldInvalid(field, "'" + field + "' is none of the allowed words")
                    .allowing(allowed)
                    .exception();
        }
        return word;
    }
}
