package io.perpetua.marketdata.messaging.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Kraken's channel {@code ticker}, version 2: {@code {"channel":"ticker","type":"update","data":[{
 * "symbol":"BTC/USD","bid":63500.1,"ask":63500.2,"timestamp":"2024-05-03T15:02:41.123456Z",..}]}},
 * with prices as JSON numbers; where there is no timestamp, it is of when it was received.
 */
public record KrakenFormat() implements SourceFormat {
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
                                        "{\"method\":\"subscribe\",\"params\":{\"channel\":"
                                                + "\"ticker\",\"event_trigger\":\"bbo\","
                                                + "\"symbol\":[",
                                        "]}}")));
    }

    @Override
    public void read(JsonNode message, long receivedAtMillis, Readings readings) {
        if (message.path("success").isBoolean() && !message.path("success").booleanValue()) {
            readings.unreadable("the source says: " + message.path("error").asText());
        }
        if (!message.path("channel").asText().equals("ticker")) {
            return;
        }
        for (JsonNode ticker : message.path("data")) {
            try {
                JsonNode time = ticker.path("timestamp");
                readings.read(
                        WireNumbers.quote(
                                WireNumbers.text(ticker.path("symbol")),
                                ticker.path("bid"),
                                ticker.path("ask"),
                                time.isMissingNode()
                                        ? receivedAtMillis
                                        : WireNumbers.millis(time)));
            } catch (IllegalArgumentException | ArithmeticException garbage) {
                readings.unreadable(String.valueOf(garbage.getMessage()));
            }
        }
    }
}
