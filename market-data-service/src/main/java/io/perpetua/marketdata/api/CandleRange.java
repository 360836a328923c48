package io.perpetua.marketdata.api;

import io.perpetua.edge.Fields;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Which candles a request names, as its query has it. */
public class CandleRange {
    @Parameter(required = true, description = "The market's symbol.")
    @QueryParam("market")
    @Nullable String market;

    @Parameter(
            description = "What they are made of; TRADES when absent.",
            schema = @Schema(implementation = Series.class))
    @QueryParam("series")
    @Nullable String series;

    @Parameter(
            description = "1m, 5m, 15m, 1h, 4h or 1d; 1m when absent.",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"1m", "5m", "15m", "1h", "4h", "1d"}))
    @QueryParam("frame")
    @Nullable String frame;

    @Parameter(description = "Frames that begin at this time (ISO-8601) or later.")
    @QueryParam("from")
    @Nullable String from;

    @Parameter(description = "Frames that begin before this time (ISO-8601).")
    @QueryParam("to")
    @Nullable String to;

    /** Whose, of what, and how long. */
    CandleKey key(Symbols symbols) {
        String symbol = Fields.required("market", market, text -> text);
        Series source = series(series);
        Frame length = Fields.optional("frame", frame, Frame::parse);
        return new CandleKey(
                symbols.market("market", symbol).id(),
                source,
                length == null ? Frame.MINUTE : length);
    }

    Times times() {
        return Times.of(from, to);
    }

    static Series series(@Nullable String text) {
        Series series = Fields.optional("series", text, Series.class);
        return series == null ? Series.TRADES : series;
    }
}
