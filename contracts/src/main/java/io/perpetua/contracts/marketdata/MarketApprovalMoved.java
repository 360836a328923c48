package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a market that takes two administrators was asked for, approved, rejected, or ran out
 * of time.
 *
 * @param approval the request's number
 * @param state what it came to
 * @param wanted what is carried out if it is approved
 * @param exceeds what of it goes beyond what one administrator may do
 * @param requestedBy the id of who asked
 * @param administrator the id of who asked or decided; 0 where nobody decided in time
 * @param reason of who asked or decided
 */
public record MarketApprovalMoved(
        long approval,
        MarketId market,
        String symbol,
        MarketApprovalState state,
        MarketChangeWanted wanted,
        List<BoundExceeded> exceeds,
        long requestedBy,
        long expiresMillis,
        long administrator,
        String reason,
        @Nullable String clientAddress,
        @Nullable String userAgent,
        long atMillis)
        implements MarketDecision {
    /** With a list of its own. */
    public MarketApprovalMoved {
        exceeds = List.copyOf(exceeds);
    }
}
