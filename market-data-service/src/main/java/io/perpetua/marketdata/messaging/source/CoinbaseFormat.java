package io.perpetua.marketdata.messaging.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Coinbase Exchange's channel {@code ticker}: {@code {"type":"ticker","product_id":"BTC-USD",
 * "price":"..","best_bid":"..","best_ask":"..","time":"2022-10-19T23:28:22.061769Z",..}}.
 */
public record CoinbaseFormat() implements SourceFormat {
    @Override
    public boolean isEventStream() {
        return false;
    }

    @Override
    public String path(Collection<String> products) {
        return "";
    }

    @Override
    public List<String> greetings(Collection<String> products) {
        return List.of(
                products.stream()
                        .map(product -> '"' + product + '"')
                        .collect(
                                Collectors.joining(
                                        ",",
                                        "{\"type\":\"subscribe\",\"product_ids\":[",
                                        "],\"channels\":[\"ticker\"]}")));
    }

    @Override
    public void read(JsonNode message, long receivedAtMillis, Readings readings) {
        String type = message.path("type").asText();
        if (type.equals("error")) {
            readings.unreadable("the source says: " + message.path("message").asText());
        }
        if (!type.equals("ticker")) {
            return;
        }
        try {
            readings.read(
                    WireNumbers.quote(
                            WireNumbers.text(message.path("product_id")),
                            message.path("best_bid"),
                            message.path("best_ask"),
                            WireNumbers.millis(message.path("time"))));
        } catch (IllegalArgumentException | ArithmeticException garbage) {
            readings.unreadable(String.valueOf(garbage.getMessage()));
        }
    }
}
