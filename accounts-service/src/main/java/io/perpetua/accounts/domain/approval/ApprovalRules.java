package io.perpetua.accounts.domain.approval;

import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Four eyes: whoever asks never decides, nobody decides on their own case, and whoever decides does
 * so once and in time.
 */
public final class ApprovalRules {
    private ApprovalRules() {}

    /** A request as far as it has come; {@code decidedBy} is null while it is open. */
    public record Request(
            ApprovalKind kind,
            String subject,
            long requestedBy,
            ApprovalState state,
            Instant expiresAt,
            @Nullable Long decidedBy) {}

    /** Who asked, as they stand now. */
    public record Requester(AdminRole role, AdminState state) {}

    /** A decision about a decision. */
    public sealed interface Decision {
        /** It may be decided now. */
        record Allowed() implements Decision {}

        /** The same administrator has decided so before. */
        record Repeated() implements Decision {}

        /** It can't. */
        record Refused(ApprovalRefusal refusal) implements Decision {}
    }

    /** Whether {@code decider}, who may decide on others' requests, may decide on this one now. */
    public static Decision decide(
            Request request, Requester requester, long decider, boolean approve, Instant now) {
        if (decider == request.requestedBy()) {
            return new Decision.Refused(ApprovalRefusal.OWN_REQUEST);
        }
        if (request.subject().equals(AdminChange.subjectOf(decider))) {
            return new Decision.Refused(ApprovalRefusal.OWN_CASE);
        }
        return decision(request, requester, decider, approve, now);
    }

    /**
     * Whether the operator may approve now what the administrator who shows their secret has asked
     * for.
     *
     * @param anotherCould whether another administrator could decide
     */
    public static Decision approveAsOperator(
            Request request,
            Requester requester,
            long administrator,
            boolean anotherCould,
            Instant now) {
        boolean isTheirs =
                administrator == request.requestedBy() && request.kind().isOpenToTheOperator();
        if (!isTheirs || (anotherCould && request.state() == ApprovalState.OPEN)) {
            return new Decision.Refused(ApprovalRefusal.OPERATOR_NOT_NEEDED);
        }
        return decision(request, requester, administrator, true, now);
    }

    private static Decision decision(
            Request request, Requester requester, long decider, boolean approve, Instant now) {
        Optional<ApprovalRefusal> refusal = refusal(request, requester, decider, approve, now);
        if (refusal.isPresent()) {
            return new Decision.Refused(refusal.get());
        }
        return request.state() == ApprovalState.OPEN
                ? new Decision.Allowed()
                : new Decision.Repeated();
    }

    private static Optional<ApprovalRefusal> refusal(
            Request request, Requester requester, long decider, boolean approve, Instant now) {
        return switch (request.state().at(now, request.expiresAt())) {
            case EXPIRED -> Optional.of(ApprovalRefusal.APPROVAL_EXPIRED);
            case REJECTED -> decidedOtherwise(request, decider, approve);
            case APPROVED, EXECUTED, REFUSED -> decidedOtherwise(request, decider, !approve);
            case OPEN ->
                    approve && !mayAsk(request.kind(), requester)
                            ? Optional.of(ApprovalRefusal.REQUESTER_NOT_ENTITLED)
                            : Optional.empty();
        };
    }

    private static Optional<ApprovalRefusal> decidedOtherwise(
            Request request, long decider, boolean otherwise) {
        boolean isOwn = request.decidedBy() != null && request.decidedBy() == decider;
        return isOwn && !otherwise
                ? Optional.empty()
                : Optional.of(ApprovalRefusal.APPROVAL_DECIDED);
    }

    /** Whether somebody may ask for it, as they stand now. */
    public static boolean mayAsk(ApprovalKind kind, Requester requester) {
        return requester.state() == AdminState.ACTIVE && requester.role().may(kind.neededToAsk());
    }
}
