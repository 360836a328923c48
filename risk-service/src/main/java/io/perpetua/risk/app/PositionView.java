package io.perpetua.risk.app;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A position, open or closed, as its owner sees it. */
@Schema(
        name = "Position",
        description =
                "A position from the trade that opened it to the one that closed or turned it."
                        + " size is positive, side says which way; cost is what entering what is"
                        + " held was worth, signed like the side; entryPrice = cost / size, for"
                        + " display. margin is the initial margin at the leverage that counts."
                        + " Figures that hang on a mark are null without one and for a closed"
                        + " position; liquidationPrice also where no positive price liquidates."
                        + " realisedPnl is before feesPaid.")
public record PositionView(
        SubaccountId subaccountId,
        String market,
        TradeId openedByTradeId,
        Status status,
        Direction side,
        Quantity size,
        Usd cost,
        Price entryPrice,
        @Nullable Price markPrice,
        @Nullable Usd notional,
        @Nullable Usd margin,
        @Nullable Usd maintenanceMargin,
        @Nullable Integer leverage,
        @Nullable Usd unrealisedPnl,
        Usd realisedPnl,
        Usd feesPaid,
        @Nullable Price liquidationPrice,
        Quantity largestSize,
        Instant openedAt,
        @Nullable Instant closedAt) {
    /** Whether it is held. */
    @Schema(name = "PositionStatus")
    public enum Status {
        /** Held. */
        OPEN,
        /** Closed or turned around. */
        CLOSED
    }

    /** Which way it earns. */
    @Schema(name = "PositionSide")
    public enum Direction {
        /** Earns when the price rises. */
        LONG,
        /** Earns when the price falls. */
        SHORT
    }
}
