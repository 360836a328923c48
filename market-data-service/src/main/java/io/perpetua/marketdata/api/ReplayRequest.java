package io.perpetua.marketdata.api;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.domain.oracle.Bar;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Recorded bars to be played as a market's index. */
@Schema(name = "ReplayRequest")
public record ReplayRequest(
        @Schema(description = "The market's symbol.") String market,
        @Schema(description = "1 to 500, ascending by timestamp.") List<RecordedBar> bars,
        @Schema(description = "A decimal above 0, at most 100; 1 when absent.")
                @Nullable String barsPerSecond) {
    private static final int MOST_BARS = 500;

    /** One bar as it was recorded; low is at most open and close, high at least. */
    @Schema(name = "RecordedBar")
    public record RecordedBar(
            @Schema(description = "When the bar began.") Instant timestamp,
            Price open,
            Price high,
            Price low,
            Price close,
            @Schema(description = "In US dollars, a decimal; rounded to 6 decimals.")
                    String volume) {}

    /** The bars as values. @throws io.perpetua.edge.ProblemException naming the bar that is none */
    List<Bar> toBars() {
        if (bars.isEmpty() || bars.size() > MOST_BARS) {
            throw Problem.fieldInvalid("bars", "a request carries 1 to 500 bars").exception();
        }
        List<Bar> values = new ArrayList<>();
        long previousMillis = Long.MIN_VALUE;
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = toBar(bars.get(i), "bars[" + i + "]");
            if (bar.atMillis() <= previousMillis) {
                throw Problem.fieldInvalid(
                                "bars[" + i + "].timestamp", "it is not after the bar before")
                        .exception();
            }
            previousMillis = bar.atMillis();
            values.add(bar);
        }
        return values;
    }

    private static Bar toBar(RecordedBar bar, String field) {
        Usd volume = Fields.required(field + ".volume", bar.volume(), Bar::volume);
        try {
            return new Bar(
                    bar.timestamp().toEpochMilli(),
                    bar.open(),
                    bar.high(),
                    bar.low(),
                    bar.close(),
                    volume);
        } catch (IllegalArgumentException | ArithmeticException noBar) {
            throw Problem.fieldInvalid(field, String.valueOf(noBar.getMessage())).exception();
        }
    }
}
