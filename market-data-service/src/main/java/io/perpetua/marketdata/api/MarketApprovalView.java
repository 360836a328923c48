package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingWanted;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.marketdata.VersionWanted;
import io.perpetua.contracts.value.Rate;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.marketdata.app.MarketApprovals.Asked;
import io.perpetua.marketdata.domain.approval.ApprovalRules;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredDecision;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A change of a market that takes two administrators, as far as it has come. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@RegisterForReflection
@Schema(name = "MarketApproval")
public record MarketApprovalView(
        String id,
        @Schema(description = "The market's symbol.") String market,
        @Schema(
                        description =
                                "OPEN until another administrator decides: APPROVED, and done, or"
                                        + " REJECTED; EXPIRED when nobody does in time.")
                MarketApprovalState state,
        @Schema(description = "The version that is wanted; null where it is a funding rate.")
                @Nullable WantedVersion version,
        @Schema(
                        description =
                                "The funding rate by hand that is wanted; null where it is a version.")
                @Nullable WantedFunding funding,
        @Schema(description = "What of it goes beyond what one administrator may do.")
                List<Exceeded> exceeds,
        @Schema(description = "Of who asked.") String reason,
        @Schema(description = "An administrator's id.") String requestedBy,
        Instant requestedAt,
        Instant expiresAt,
        @Schema(description = "An administrator's id; null while nobody has decided.")
                @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Schema(description = "Of who decided.") @Nullable String decisionReason,
        @Schema(
                        description =
                                "What came of it where it was approved: the version, or the"
                                        + " funding rate's number.")
                @Nullable Long outcome) {
    /** A version that is wanted. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @RegisterForReflection
    public record WantedVersion(
            Market definition,
            @Schema(description = "From when on; null for as soon as it is approved.")
                    @Nullable Instant effectiveAt) {
        static WantedVersion of(VersionWanted wanted) {
            return new WantedVersion(
                    wanted.definition(),
                    wanted.effectiveMillis() == 0
                            ? null
                            : Instant.ofEpochMilli(wanted.effectiveMillis()));
        }
    }

    /** A funding rate by hand that is wanted. */
    @RegisterForReflection
    public record WantedFunding(FundingKind kind, Rate rate, Instant until) {
        static WantedFunding of(FundingWanted wanted) {
            return new WantedFunding(
                    wanted.kind(), wanted.rate(), Instant.ofEpochMilli(wanted.untilMillis()));
        }
    }

    /** A part that goes beyond a bound. */
    @RegisterForReflection
    public record Exceeded(
            @Schema(description = "Where it stands in the request.") String field,
            @Schema(description = "What changes, and the bound.") String detail) {}

    static MarketApprovalView of(StoredApproval stored, long nowMillis) {
        VersionWanted version = stored.wanted().version();
        FundingWanted funding = stored.wanted().funding();
        StoredDecision decision = stored.decision();
        return new MarketApprovalView(
                Long.toString(stored.id()),
                stored.symbol(),
                ApprovalRules.stateAt(stored.state(), stored.expiresMillis(), nowMillis),
                version == null ? null : WantedVersion.of(version),
                funding == null ? null : WantedFunding.of(funding),
                stored.exceeds().stream()
                        .map(one -> new Exceeded(one.field(), one.detail()))
                        .toList(),
                stored.reason(),
                Long.toString(stored.requestedBy()),
                Instant.ofEpochMilli(stored.requestedMillis()),
                Instant.ofEpochMilli(stored.expiresMillis()),
                decision == null ? null : Long.toString(decision.by()),
                decision == null ? null : Instant.ofEpochMilli(decision.atMillis()),
                decision == null ? null : decision.reason(),
                decision == null ? null : decision.outcome());
    }

    /**
     * The request that waits.
     *
     * @throws ProblemException when too many wait
     */
    static MarketApprovalView of(Asked asked, long nowMillis) {
        return switch (asked) {
            case Asked.Taken taken -> of(taken.approval(), nowMillis);
            case Asked.TooMany tooMany ->
                    throw Problem.of(
                                    422,
                                    "APPROVALS_EXHAUSTED",
                                    tooMany.most()
                                            + " changes of the market wait for a decision already")
                            .exception();
        };
    }
}
