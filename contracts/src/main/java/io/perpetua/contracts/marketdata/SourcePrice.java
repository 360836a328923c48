package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What one source had to say when an index was made.
 *
 * @param weight of its vote in the median
 * @param price null when it said nothing, or nothing positive
 * @param confidence one standard deviation, in US dollars; null as the price is
 * @param publishedAtMillis by the source's clock; 0 when it said nothing
 * @param slot of the chain that the source publishes on; 0 when it has none
 */
public record SourcePrice(
        String name,
        int weight,
        SourceState state,
        @Nullable Price price,
        @Nullable Quantity confidence,
        long publishedAtMillis,
        long slot) {}
