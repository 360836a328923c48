package io.perpetua.marketdata.domain.funding;

/** What becomes of a rate that an administrator wants. */
public sealed interface FundingDecision {
    /** It stands. */
    record Accepted(FundingOverride override) implements FundingDecision {}

    /** It does not. */
    record Refused(FundingRefusal reason, String field, String detail) implements FundingDecision {}
}
