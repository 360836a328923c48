package io.perpetua.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What the trades of one frame come to, told as a candle's. */
final class TradedFrame {
    private @Nullable BigDecimal open;
    private BigDecimal high = BigDecimal.ZERO;
    private BigDecimal low = BigDecimal.valueOf(Long.MAX_VALUE);
    private BigDecimal close = BigDecimal.ZERO;
    private BigDecimal volume = BigDecimal.ZERO;
    private BigDecimal volumeUsd = BigDecimal.ZERO;
    private int trades;

    /** Adds a trade, none of which is before those added. */
    void add(JsonNode trade) {
        BigDecimal price = new BigDecimal(trade.path("price").asText());
        open = open == null ? price : open;
        high = high.max(price);
        low = low.min(price);
        close = price;
        volume = volume.add(new BigDecimal(trade.path("size").asText()));
        volumeUsd = volumeUsd.add(new BigDecimal(trade.path("notional").asText()));
        trades++;
    }

    /** A candle as an answer has it. */
    static String told(JsonNode candle) {
        return "%s %s %s %s, %s for %s in %s"
                .formatted(
                        candle.path("open").asText(),
                        candle.path("high").asText(),
                        candle.path("low").asText(),
                        candle.path("close").asText(),
                        candle.path("volume").asText(),
                        candle.path("volumeUsd").asText(),
                        candle.path("trades").asText());
    }

    @Override
    public String toString() {
        return "%s %s %s %s, %s for %s in %s"
                .formatted(
                        plain(open == null ? BigDecimal.ZERO : open),
                        plain(high),
                        plain(low),
                        plain(close),
                        plain(volume),
                        plain(volumeUsd),
                        trades);
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
