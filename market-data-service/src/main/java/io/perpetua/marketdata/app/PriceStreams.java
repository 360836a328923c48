package io.perpetua.marketdata.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.marketdata.PriceUse;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
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

    /**
     * What a price may be used for by its fault; nothing once the mark is older than the market's
     * limit, which whoever reads it tells by its own clock.
     */
    @RegisterForReflection
    record Permits(boolean increaseRisk, boolean liquidate, boolean trigger, boolean reduce) {
        static Permits of(@Nullable PriceFault fault) {
            return new Permits(
                    permits(fault, PriceUse.INCREASE_RISK),
                    permits(fault, PriceUse.LIQUIDATE),
                    permits(fault, PriceUse.TRIGGER),
                    permits(fault, PriceUse.REDUCE));
        }

        private static boolean permits(@Nullable PriceFault fault, PriceUse use) {
            return fault == null || fault.permits(use);
        }
    }

    /** What the channel of marks says. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Mark(
            Price mark,
            Price oracle,
            @Nullable PriceFault fault,
            Permits permits,
            @Nullable Rate predictedFunding,
            Instant at) {}

    /** What the channel of index prices says. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Oracle(
            Price price,
            Quantity confidence,
            int exponent,
            String source,
            @Nullable Long slot,
            @Nullable PriceFault fault,
            Permits permits,
            @Nullable Price twapFiveMinutes,
            @Nullable Price twapHour,
            Instant at) {}

    /** Streams a mark. */
    public void put(MarkPrice price) {
        String symbol = symbol(price.market());
        if (symbol != null) {
            hub.publish(
                    StreamChannel.MARKS.of(symbol),
                    price.sequence(),
                    NEWEST,
                    new Mark(
                            price.mark(),
                            price.oracle(),
                            price.fault(),
                            Permits.of(price.fault()),
                            price.predictedFunding(),
                            Instant.ofEpochMilli(price.atMillis())));
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
                            Price.EXPONENT,
                            price.source(),
                            price.slot(),
                            price.fault(),
                            Permits.of(price.fault()),
                            price.twapFiveMinutes(),
                            price.twapHour(),
                            Instant.ofEpochMilli(price.publishedAtMillis())));
        }
    }

    private @Nullable String symbol(MarketId id) {
        Market market = markets.of(id);
        return market == null ? null : market.symbol();
    }
}
