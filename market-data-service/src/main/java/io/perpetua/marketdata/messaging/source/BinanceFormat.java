package io.perpetua.marketdata.messaging.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.marketdata.app.MarketDataConfig.SourceRole;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Binance's combined streams: of an index the spot's {@code btcusdt@ticker}, once a second and with
 * its time, of perpetuals the futures' {@code btcusdt@bookTicker}. Both come as {@code
 * {"stream":"btcusdt@ticker","data":{"e":"24hrTicker","E":1672515782136,"s":"BTCUSDT","b":"..",
 * "a":"..",..}}}. Products are symbols in capitals.
 */
public record BinanceFormat(SourceRole role) implements SourceFormat {
    @Override
    public boolean isEventStream() {
        return false;
    }

    @Override
    public String path(Collection<String> products) {
        String stream = role == SourceRole.INDEX ? "@ticker" : "@bookTicker";
        return products.stream()
                .map(symbol -> symbol.toLowerCase(Locale.ROOT) + stream)
                .collect(Collectors.joining("/", "/stream?streams=", ""));
    }

    @Override
    public List<String> greetings(Collection<String> products) {
        return List.of();
    }

    @Override
    public void read(JsonNode message, long receivedAtMillis, Readings readings) {
        JsonNode data = message.path("data");
        if (data.isMissingNode()) {
            return;
        }
        try {
            JsonNode time = data.path("E");
            readings.read(
                    WireNumbers.quote(
                            WireNumbers.text(data.path("s")),
                            data.path("b"),
                            data.path("a"),
                            time.isMissingNode() ? receivedAtMillis : WireNumbers.integer(time)));
        } catch (IllegalArgumentException | ArithmeticException garbage) {
            readings.unreadable(String.valueOf(garbage.getMessage()));
        }
    }
}
