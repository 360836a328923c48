package io.perpetua.marketdata.messaging.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.marketdata.app.MarketDataConfig.SourceKind;
import io.perpetua.marketdata.app.MarketDataConfig.SourceRole;
import java.util.Collection;
import java.util.List;

/** How a source is asked and what its messages mean; it holds no state. */
public sealed interface SourceFormat
        permits BinanceFormat, CoinbaseFormat, HermesFormat, KrakenFormat {
    /** The format of {@code kind}. */
    static SourceFormat of(SourceKind kind, SourceRole role) {
        return switch (kind) {
            case PYTH -> new HermesFormat();
            case BINANCE -> new BinanceFormat(role);
            case COINBASE -> new CoinbaseFormat();
            case KRAKEN -> new KrakenFormat();
        };
    }

    /** Whether messages come as server-sent events; otherwise over a WebSocket. */
    boolean isEventStream();

    /** What follows the source's address, to listen to {@code products}. */
    String path(Collection<String> products);

    /** What is sent once connected. */
    List<String> greetings(Collection<String> products);

    /** Takes the prices out of a message; one about something else holds none. */
    void read(JsonNode message, long receivedAtMillis, Readings readings);
}
