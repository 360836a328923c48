package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.app.StatisticsQueries.MarketStatistics;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.domain.candle.RollingDay;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What traded in a market, and what is held in it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(
        name = "Statistics",
        description =
                "Of the 24 hours since 'from', in whole minutes, and (total..) since the market began."
                        + " Prices are null while nothing ever traded. What is held is as"
                        + " risk-service valued it at valuedAt, every few seconds; null before the"
                        + " first time.")
public record StatisticsView(
        MarketId market,
        String symbol,
        Instant from,
        @Nullable Price open,
        @Nullable Price high,
        @Nullable Price low,
        @Nullable Price close,
        Quantity volume,
        Usd volumeUsd,
        long trades,
        @Schema(description = "After the last trade, counted on one side.") Quantity openInterest,
        @Schema(description = "All long positions together.") Quantity openInterestLong,
        @Schema(description = "All short positions together, as a positive size.")
                Quantity openInterestShort,
        @Schema(description = "All long positions together at the mark of valuedAt.")
                @Nullable Usd openInterestLongUsd,
        @Schema(description = "All short positions together at the mark of valuedAt.")
                @Nullable Usd openInterestShortUsd,
        @Schema(description = "Users who have a position.") @Nullable Long activeTraders,
        @Schema(
                        description =
                                "The mean over all positions of the leverage that counts for each;"
                                        + " null without a position.")
                @Nullable Rate averageLeverage,
        @Schema(description = "Of all positions together at the mark of valuedAt.")
                @Nullable Usd unrealisedPnl,
        @Nullable Instant valuedAt,
        @Nullable Instant lastTradeAt,
        long totalTrades,
        @Schema(description = "A decimal.") String totalVolume,
        @Schema(description = "A decimal.") String totalVolumeUsd) {
    static StatisticsView of(MarketStatistics statistics) {
        RollingDay day = statistics.day();
        MarketTotal total = statistics.total();
        MarketValuation held = statistics.held();
        return new StatisticsView(
                statistics.market().id(),
                statistics.market().symbol(),
                Instant.ofEpochMilli(statistics.fromMillis()),
                day.open(),
                day.high(),
                day.low(),
                day.close(),
                day.volume(),
                day.volumeUsd(),
                day.trades(),
                openInterest(total),
                openInterest(total),
                openInterest(total),
                held == null ? null : held.openInterestLongUsd(),
                held == null ? null : held.openInterestShortUsd(),
                held == null ? null : held.activeTraders(),
                held == null ? null : held.averageLeverage(),
                held == null ? null : held.unrealisedPnl(),
                held == null ? null : Instant.ofEpochMilli(held.atMillis()),
                total == null ? null : Instant.ofEpochMilli(total.lastAtMillis()),
                total == null ? 0 : total.trades(),
                total == null ? "0" : decimal(total.volumeUnits(), Quantity.SCALE),
                total == null ? "0" : decimal(total.volumeUsdMicros(), Usd.SCALE));
    }

    /** Each contract has a long and a short side, so they are equal. */
    private static Quantity openInterest(@Nullable MarketTotal total) {
        return total == null ? Quantity.ZERO : total.openInterest();
    }

    private static String decimal(BigInteger units, int scale) {
        return new BigDecimal(units, scale).stripTrailingZeros().toPlainString();
    }
}
