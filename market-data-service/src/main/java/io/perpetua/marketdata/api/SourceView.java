package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.contracts.marketdata.SourceState;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What one source had to say when the newest index was made. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "OracleSource")
public record SourceView(
        String name,
        @Schema(description = "Of its vote in the median.") int weight,
        @Schema(description = "What became of its price: USED, or why it is left out.")
                SourceState state,
        @Nullable Price price,
        @Nullable Quantity confidence,
        @Schema(description = "When the source published it.") @Nullable Instant publishedAt,
        @Schema(description = "The slot it is from, of sources that are a chain's.")
                @Nullable Long slot) {
    static SourceView of(SourcePrice source) {
        return new SourceView(
                source.name(),
                source.weight(),
                source.state(),
                source.price(),
                source.confidence(),
                source.publishedAtMillis() == 0
                        ? null
                        : Instant.ofEpochMilli(source.publishedAtMillis()),
                source.slot() == 0 ? null : source.slot());
    }
}
