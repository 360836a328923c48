package io.perpetua.demo.trader;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;

/** What a trader needs to know of a market to write a well-formed order. */
public record Listing(String symbol, Price tick, Quantity step, Quantity minOrderSize) {
    private static final long UNITS_PER_MICRO = 10_000_000_000L;

    /** From the catalogue's item. */
    public static Listing of(JsonNode market) {
        return new Listing(
                market.path("symbol").asText(),
                Price.parse(market.path("tick").asText()),
                Quantity.parse(market.path("step").asText()),
                Quantity.parse(market.path("minOrderSize").asText()));
    }

    /** {@code price} moved by {@code rate}, on the tick below. */
    public Price moved(Price price, Rate rate) {
        return onTick(Amounts.moved(price, rate, RoundingMode.HALF_EVEN).units());
    }

    /** The price some ticks away. */
    public Price ticksFrom(Price price, long ticks) {
        return onTick(price.units() + ticks * tick.units());
    }

    private Price onTick(long units) {
        return new Price(Math.max(1, units / tick.units()) * tick.units());
    }

    /** The size that is worth {@code notional} at {@code price}, at least the market's least. */
    public Quantity worth(Usd notional, Price price) {
        long units =
                Amounts.multiplyDivide(
                        notional.micros(), UNITS_PER_MICRO, price.units(), RoundingMode.DOWN);
        long stepped = units / step.units() * step.units();
        return new Quantity(Math.max(stepped, minOrderSize.units()));
    }
}
