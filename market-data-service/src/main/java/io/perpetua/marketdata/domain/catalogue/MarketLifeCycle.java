package io.perpetua.marketdata.domain.catalogue;

import io.perpetua.contracts.marketdata.MarketStatus;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which status may follow which. A market opens, and opens again after a pause, by taking post-only
 * orders first, so that there is a book before anything trades. It ends by settling, and is
 * delisted then; nothing settles positions yet, so both wait until none is open. One that settles
 * though a position turns out to be open goes back to reduce-only, where it can be closed.
 */
public final class MarketLifeCycle {
    private MarketLifeCycle() {}

    /** The statuses that may follow {@code status}; every one may stay. */
    public static Set<MarketStatus> after(MarketStatus status) {
        return switch (status) {
            case ANNOUNCED -> EnumSet.of(MarketStatus.POST_ONLY, MarketStatus.DELISTED);
            case POST_ONLY ->
                    EnumSet.of(
                            MarketStatus.ACTIVE,
                            MarketStatus.REDUCE_ONLY,
                            MarketStatus.CANCEL_ONLY,
                            MarketStatus.HALTED);
            case ACTIVE ->
                    EnumSet.of(
                            MarketStatus.POST_ONLY,
                            MarketStatus.REDUCE_ONLY,
                            MarketStatus.CANCEL_ONLY,
                            MarketStatus.HALTED);
            case REDUCE_ONLY ->
                    EnumSet.of(
                            MarketStatus.ACTIVE,
                            MarketStatus.CANCEL_ONLY,
                            MarketStatus.HALTED,
                            MarketStatus.SETTLING);
            case CANCEL_ONLY, HALTED ->
                    EnumSet.of(
                            MarketStatus.POST_ONLY,
                            MarketStatus.REDUCE_ONLY,
                            status == MarketStatus.HALTED
                                    ? MarketStatus.CANCEL_ONLY
                                    : MarketStatus.HALTED,
                            MarketStatus.SETTLING);
            case SETTLING -> EnumSet.of(MarketStatus.DELISTED, MarketStatus.REDUCE_ONLY);
            case DELISTED -> EnumSet.noneOf(MarketStatus.class);
        };
    }

    /** Whether {@code next} is {@code status} still, or may follow it. */
    public static boolean leads(MarketStatus status, MarketStatus next) {
        return status == next || after(status).contains(next);
    }
}
