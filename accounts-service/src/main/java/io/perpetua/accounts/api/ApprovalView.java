package io.perpetua.accounts.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.ApprovalRequests.RequestOutcome;
import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.edge.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Requests for approval as administrators see them, and how asking for one is answered. */
@ApplicationScoped
class ApprovalView {
    /** The longest reason. */
    static final int LONGEST_REASON = 500;

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final ObjectMapper json;
    private final Clock clock;

    ApprovalView(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /** What takes two administrators, as far as it has come. */
    public record Approval(
            String id,
            ApprovalKind kind,
            @Schema(description = "what it is about, as in the audit log") String subject,
            @Schema(description = "what is done when it is approved") Map<String, String> content,
            String reason,
            String reference,
            @Schema(
                            description =
                                    "OPEN; then EXPIRED, REJECTED, or APPROVED while it is on its"
                                            + " way; then EXECUTED, or REFUSED (risk let no debit"
                                            + " through; nothing moved)")
                    ApprovalState state,
            @Schema(description = "an administrator's id") String requestedBy,
            Instant requestedAt,
            Instant expiresAt,
            @Schema(description = "an administrator's id") @Nullable String decidedBy,
            @Schema(
                            description =
                                    "whether the second pair of eyes was the operator, whose secret"
                                            + " decidedBy has shown")
                    boolean byOperator,
            @Nullable Instant decidedAt,
            @Schema(
                            description =
                                    "what came of it: creditSequence of a credit,"
                                            + " settlementSequence of a debit, transactionId of"
                                            + " what is posted at once; refusal and"
                                            + " withdrawable of a refused one; enrolmentParts of"
                                            + " who is to enrol")
                    @Nullable Map<String, String> outcome,
            @Nullable Instant finishedAt) {}

    /** The answer to a request, or the problem: {@code unknown} where it is about nothing. */
    RestResponse<Approval> answered(
            RequestOutcome outcome, Supplier<? extends RuntimeException> unknown) {
        return switch (outcome) {
            case RequestOutcome.Taken taken ->
                    RestResponse.status(
                            taken.repeated() ? RestResponse.Status.OK : RestResponse.Status.CREATED,
                            shown(taken.approval()));
            case RequestOutcome.ReferenceReused() ->
                    throw Problem.conflict(
                                    "REFERENCE_REUSED", "the reference stands for another request")
                            .at("reference")
                            .exception();
            case RequestOutcome.SubjectUnknown() -> throw unknown.get();
            case RequestOutcome.AssetNotKept notKept ->
                    throw AssetFields.notKept(notKept.asset(), notKept.allowed());
            case RequestOutcome.TooManyOpen tooMany ->
                    throw Problem.of(
                                    422,
                                    "APPROVALS_EXHAUSTED",
                                    tooMany.most() + " requests wait for a decision already")
                            .exception();
            case RequestOutcome.Forbidden forbidden ->
                    throw Problem.conflict(
                                    forbidden.refusal().name(), sentence(forbidden.refusal()))
                            .at(forbidden.refusal() == ApprovalRefusal.NO_PROMOTION ? "role" : null)
                            .exception();
        };
    }

    /** A refusal in words. */
    static String sentence(ApprovalRefusal refusal) {
        return switch (refusal) {
            case OWN_REQUEST -> "whoever asks for it is not who decides on it";
            case OWN_CASE ->
                    "nobody asks for their own reset, nor decides on what is about them: another"
                            + " administrator has to";
            case OPERATOR_NOT_NEEDED ->
                    "the operator approves only the caller's own request for a change of"
                            + " administrators, while no other administrator could";
            case APPROVAL_DECIDED -> "it is decided already";
            case APPROVAL_EXPIRED -> "nobody decided in time; ask for it anew";
            case REQUESTER_NOT_ENTITLED -> "who asked for it may not any more";
            case USER_CLOSING -> "the user is deleted, or asked to be; nothing can be credited";
            case WITHDRAWABLE_EXCEEDED -> "the subaccount has less of the asset than that";
            case USERNAME_TAKEN -> "the name is taken";
            case NO_PROMOTION ->
                    "the role may do nothing more than theirs; change it by"
                            + " PUT /v1/admin/admins/{adminId}/role";
        };
    }

    /** A request. */
    Approval shown(ApprovalRow row) {
        return new Approval(
                Long.toString(row.id()),
                row.kind(),
                row.subject(),
                texts(row.content()),
                row.reason(),
                row.reference(),
                row.state().at(clock.instant(), row.expiresAt()),
                Long.toString(row.requestedBy()),
                row.requestedAt(),
                row.expiresAt(),
                row.decidedBy() == null ? null : row.decidedBy().toString(),
                row.byOperator(),
                row.decidedAt(),
                row.outcome() == null ? null : texts(row.outcome()),
                row.finishedAt());
    }

    private Map<String, String> texts(String object) {
        try {
            return json.readValue(object, TEXTS);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("an approval without readable texts", damaged);
        }
    }
}
