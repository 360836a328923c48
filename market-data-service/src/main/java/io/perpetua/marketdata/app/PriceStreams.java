package io.perpetua.marketdata.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.edge.stream.StreamHub;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Streams prices as they are published; the sequence of a price is that of its channel. */
@ApplicationScoped
public class PriceStreams {
    /** A later price says all that an earlier one did. */
    private static final String NEWEST = "";

    private final ListedMarkets markets;
    private final StreamHub hub;

    PriceStreams(ListedMarkets markets, StreamHub hub) {
        this.markets = markets;
        this.hub = hub;
    }

    /** What the channel of marks says. */
    @RegisterForReflection
    record Mark(Price mark, Price oracle, Instant at) {}

    /** What the channel of index prices says. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Oracle(
            Price price,
            Quantity confidence,
            String source,
            @Nullable PriceFault fault,
            Instant at) {}

    /** Streams a mark. */
    public void put(MarkPrice price) {
        String symbol = symbol(price.market());
        if (symbol != null) {
            hub.publish(
                    StreamChannel.MARKS.of(symbol),
                    price.sequence(),
                    NEWEST,
                    new Mark(price.mark(), price.oracle(), Instant.ofEpochMilli(price.atMillis())));
        }
    }

    /** Streams an index price. */
    public void put(OraclePrice price) {
        String symbol = symbol(price.market());
        if (symbol != null) {
            hub.publish(
                    StreamChannel.ORACLE.of(symbol),
                    price.sequence(),
                    NEWEST,
                    new Oracle(
                            price.price(),
                            price.confidence(),
                            price.source(),
                            price.fault(),
                            Instant.ofEpochMilli(price.publishedAtMillis())));
        }
    }

    private @Nullable String symbol(MarketId id) {
        Market market = markets.of(id);
        return market == null ? null : market.symbol();
    }
}
