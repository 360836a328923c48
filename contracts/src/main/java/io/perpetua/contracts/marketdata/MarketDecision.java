package io.perpetua.contracts.marketdata;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator decided about a market, for the audit log; it changes nothing by itself.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface MarketDecision
        permits MarketVersionDecided,
                FundingOverrideDecided,
                MarketApprovalMoved,
                CandlesImported,
                ImportDeleted {
    /** The market that it is about. */
    MarketId market();

    /** The id of who decided it; 0 where nobody did and time decided. */
    long administrator();

    /** Why, in their words; null where none are asked for. */
    default @Nullable String reason() {
        return null;
    }

    /** Where their request came from; null when that is not known. */
    @Nullable String clientAddress();

    /** What their client said it is, as far as it did. */
    @Nullable String userAgent();

    /** When it was decided. */
    long atMillis();
}
