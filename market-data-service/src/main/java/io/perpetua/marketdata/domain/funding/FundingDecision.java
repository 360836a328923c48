package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.marketdata.FundingRateSet;

/** What becomes of a rate that an administrator sets. */
public sealed interface FundingDecision {
    /** It is set. */
    record Set(FundingRateSet rate) implements FundingDecision {}

    /** It is not. */
    record Refused(FundingRefusal reason) implements FundingDecision {}
}
