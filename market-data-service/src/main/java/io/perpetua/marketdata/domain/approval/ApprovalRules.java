package io.perpetua.marketdata.domain.approval;

import io.perpetua.contracts.marketdata.MarketApprovalState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Four eyes: whoever asks never decides, and whoever decides does so once and in time. */
public final class ApprovalRules {
    private ApprovalRules() {}

    /** A request as far as it has come; {@code decidedBy} is null while nobody has decided. */
    public record Request(
            long requestedBy,
            MarketApprovalState state,
            long expiresMillis,
            @Nullable Long decidedBy) {}

    /** A decision about a decision. */
    public sealed interface Decision {
        /** It may be decided now. */
        record Allowed() implements Decision {}

        /** The same administrator has decided so before. */
        record Repeated() implements Decision {}

        /** It can't. */
        record Refused(ApprovalRefusal refusal) implements Decision {}
    }

    /** The state at a time; one that nobody decided in time has expired, recorded so or not. */
    public static MarketApprovalState stateAt(
            MarketApprovalState stored, long expiresMillis, long nowMillis) {
        return stored == MarketApprovalState.OPEN && nowMillis >= expiresMillis
                ? MarketApprovalState.EXPIRED
                : stored;
    }

    /** Whether {@code decider}, who may decide on others' requests, may decide on this one now. */
    public static Decision decide(Request request, long decider, boolean approve, long nowMillis) {
        Optional<ApprovalRefusal> refusal = refusal(request, decider, approve, nowMillis);
        if (refusal.isPresent()) {
            return new Decision.Refused(refusal.get());
        }
        return request.state() == MarketApprovalState.OPEN
                ? new Decision.Allowed()
                : new Decision.Repeated();
    }

    private static Optional<ApprovalRefusal> refusal(
            Request request, long decider, boolean approve, long nowMillis) {
        if (decider == request.requestedBy()) {
            return Optional.of(ApprovalRefusal.OWN_REQUEST);
        }
        return switch (stateAt(request.state(), request.expiresMillis(), nowMillis)) {
            case OPEN -> Optional.empty();
            case EXPIRED -> Optional.of(ApprovalRefusal.APPROVAL_EXPIRED);
            case APPROVED -> decidedOtherwise(request, decider, !approve);
            case REJECTED -> decidedOtherwise(request, decider, approve);
        };
    }

    private static Optional<ApprovalRefusal> decidedOtherwise(
            Request request, long decider, boolean otherwise) {
        boolean isOwn = request.decidedBy() != null && request.decidedBy() == decider;
        return isOwn && !otherwise
                ? Optional.empty()
                : Optional.of(ApprovalRefusal.APPROVAL_DECIDED);
    }
}
