package io.perpetua.accounts.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.DecideApprovalHandler;
import io.perpetua.accounts.app.DecideApprovalHandler.DecideApproval;
import io.perpetua.accounts.app.DecideApprovalHandler.DecisionOutcome;
import io.perpetua.accounts.app.RequestAdjustmentHandler;
import io.perpetua.accounts.app.RequestAdjustmentHandler.AdjustmentOutcome;
import io.perpetua.accounts.app.RequestAdjustmentHandler.RequestAdjustment;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What takes two administrators: one asks, another one decides. */
@Path("/v1/admin")
@PermitAll
@SecurityRequirement(name = AdminFilter.SECURITY)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(
        name = "Approvals",
        description =
                "What takes two administrators: one asks, another one approves, and it happens"
                        + " once. Needs an administrator's token.")
public class ApprovalResource {
    private static final String EXAMPLE =
            "{\"subaccountId\":\"1000001\",\"direction\":\"CREDIT\",\"amount\":\"250.5\","
                    + "\"reason\":\"Deposit 0x5d6e was sent to a retired address\","
                    + "\"reference\":\"ticket-4711\"}";
    private static final int LONGEST_REASON = 500;
    private static final Usd MOST = Usd.ofDollars(10_000_000);
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final AdminCaller caller;
    private final RequestAdjustmentHandler adjustments;
    private final DecideApprovalHandler decisions;
    private final ApprovalStore approvals;
    private final AdminTransactions transactions;
    private final RequestOrigin origin;
    private final ObjectMapper json;
    private final Clock clock;

    /** With the handlers of its commands and what it reads. */
    public ApprovalResource(
            AdminCaller caller,
            RequestAdjustmentHandler adjustments,
            DecideApprovalHandler decisions,
            ApprovalStore approvals,
            AdminTransactions transactions,
            RequestOrigin origin,
            ObjectMapper json,
            Clock clock) {
        this.caller = caller;
        this.adjustments = adjustments;
        this.decisions = decisions;
        this.approvals = approvals;
        this.transactions = transactions;
        this.origin = origin;
        this.json = json;
        this.clock = clock;
    }

    /** A request to adjust a balance. */
    @Schema(requiredProperties = {"subaccountId", "direction", "amount", "reason", "reference"})
    public record AdjustmentRequest(
            SubaccountId subaccountId,
            Adjustment.Direction direction,
            @Schema(description = "USDC, up to 10,000,000") Usd amount,
            @Schema(description = "1 to 500 printable characters") String reason,
            @Schema(
                            pattern = Texts.REFERENCE_PATTERN,
                            description =
                                    "what it settles outside the platform; makes a repeat of the"
                                            + " request harmless")
                    String reference) {}

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
            @Nullable Instant decidedAt,
            @Schema(
                            description =
                                    "what came of it: transactionId and creditSequence of a credit,"
                                            + " settlementSequence of a debit; refusal and"
                                            + " withdrawable of a refused one")
                    @Nullable Map<String, String> outcome,
            @Nullable Instant finishedAt) {}

    /** Asks for an adjustment. */
    @POST
    @Path("/adjustments")
    @RequiresPermission(AdminPermission.REQUEST_ADJUSTMENTS)
    @Operation(
            operationId = "requestAdjustment",
            summary = "Ask for a subaccount to be credited or debited by hand",
            description =
                    "Nothing moves until another administrator approves. A repeat with the same"
                            + " reference and content gets the same request, as far as it has come,"
                            + " with status 200. A reference is free again when its request was"
                            + " rejected, refused or has expired.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "credit", value = EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Open",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(
            responseCode = "200",
            description = "Asked for before",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "REFERENCE_REUSED: the reference stands for another adjustment")
    @APIResponse(
            responseCode = "422",
            description = "APPROVALS_EXHAUSTED: as many as may be wait for a decision")
    public RestResponse<Approval> adjust(AdjustmentRequest request) {
        String reason =
                Fields.required(
                        "reason", request.reason(), text -> Texts.line(text, LONGEST_REASON));
        String reference = Fields.required("reference", request.reference(), Texts::reference);
        if (request.amount().signum() <= 0 || request.amount().compareTo(MOST) > 0) {
            throw Problem.fieldInvalid("amount", "'amount' is positive and at most " + MOST)
                    .exception();
        }
        AdjustmentOutcome outcome =
                adjustments.handle(
                        new RequestAdjustment(
                                caller.id(),
                                new Adjustment(
                                        request.subaccountId(),
                                        request.direction(),
                                        request.amount()),
                                reason,
                                reference,
                                origin.origin()));
        return switch (outcome) {
            case AdjustmentOutcome.Taken taken ->
                    RestResponse.status(
                            taken.repeated() ? RestResponse.Status.OK : RestResponse.Status.CREATED,
                            shown(taken.approval()));
            case AdjustmentOutcome.ReferenceReused() ->
                    throw Problem.conflict(
                                    "REFERENCE_REUSED",
                                    "the reference stands for another adjustment")
                            .at("reference")
                            .exception();
            case AdjustmentOutcome.AccountUnknown() ->
                    throw Problem.notFound("SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                            .at("subaccountId")
                            .exception();
            case AdjustmentOutcome.TooManyOpen tooMany ->
                    throw Problem.of(
                                    422,
                                    "APPROVALS_EXHAUSTED",
                                    tooMany.most() + " requests wait for a decision already")
                            .exception();
        };
    }

    /** What was asked for. */
    @GET
    @Path("/approvals")
    @RequiresPermission(AdminPermission.READ_APPROVALS)
    @Operation(operationId = "listApprovals", summary = "Requests for approval, newest first")
    @APIResponse(responseCode = "200", description = "A page of requests")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Page<Approval> list(
            @Parameter(
                            description = "all states if absent",
                            schema = @Schema(implementation = ApprovalState.class))
                    @QueryParam("state")
                    @Nullable String state,
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        ApprovalState wanted = Fields.optional("state", state, ApprovalState.class);
        List<ApprovalRow> rows =
                transactions.call(
                        caller.id(), tx -> approvals.page(tx, wanted, page, clock.instant()));
        return Page.of(
                page,
                rows,
                this::shown,
                row -> new Cursor(row.requestedAt().toEpochMilli(), row.id()));
    }

    /** One of them. */
    @GET
    @Path("/approvals/{approvalId}")
    @RequiresPermission(AdminPermission.READ_APPROVALS)
    @Operation(operationId = "getApproval", summary = "A request for approval")
    @APIResponse(
            responseCode = "200",
            description = "The request, as far as it has come",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    public Approval get(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId) {
        long id = id(approvalId);
        return shown(
                transactions
                        .call(caller.id(), tx -> approvals.find(tx, id))
                        .orElseThrow(ApprovalResource::unknown));
    }

    /** Approves one. */
    @POST
    @Path("/approvals/{approvalId}/approve")
    @RequiresPermission(AdminPermission.DECIDE_APPROVALS)
    @Operation(
            operationId = "approve",
            summary = "Approve what another administrator asked for",
            description =
                    "It takes effect once, however often it is repeated. A credit is posted at"
                            + " once; a debit is decided by risk, as a withdrawal is: read the"
                            + " request to follow it.")
    @APIResponse(
            responseCode = "200",
            description = "Approved, now or before by the same administrator",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING, OWN_REQUEST")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description =
                    "APPROVAL_DECIDED, APPROVAL_EXPIRED, REQUESTER_NOT_ENTITLED: who asked may not"
                            + " any more, USER_CLOSING: whose balance it is asked to be deleted")
    public Approval approve(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId) {
        return decide(approvalId, true);
    }

    /** Rejects one. */
    @POST
    @Path("/approvals/{approvalId}/reject")
    @RequiresPermission(AdminPermission.DECIDE_APPROVALS)
    @Operation(operationId = "reject", summary = "Reject what another administrator asked for")
    @APIResponse(
            responseCode = "200",
            description = "Rejected, now or before by the same administrator",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING, OWN_REQUEST")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    @APIResponse(responseCode = "409", description = "APPROVAL_DECIDED, APPROVAL_EXPIRED")
    public Approval reject(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId) {
        return decide(approvalId, false);
    }

    private Approval decide(String approvalId, boolean approve) {
        DecideApproval command =
                new DecideApproval(caller.id(), id(approvalId), approve, origin.origin());
        return switch (decisions.handle(command)) {
            case DecisionOutcome.Decided decided -> shown(decided.approval());
            case DecisionOutcome.Unknown() -> throw unknown();
            case DecisionOutcome.Refused refused ->
                    throw Problem.of(
                                    refused.refusal() == ApprovalRefusal.OWN_REQUEST ? 403 : 409,
                                    refused.refusal().name(),
                                    sentence(refused.refusal()))
                            .at("approvalId")
                            .exception();
        };
    }

    private static String sentence(ApprovalRefusal refusal) {
        return switch (refusal) {
            case OWN_REQUEST -> "whoever asks for it is not who decides on it";
            case APPROVAL_DECIDED -> "it is decided already";
            case APPROVAL_EXPIRED -> "nobody decided in time; ask for it anew";
            case REQUESTER_NOT_ENTITLED -> "who asked for it may not any more";
            case USER_CLOSING -> "the user is deleted, or asked to be; nothing can be credited";
        };
    }

    private static long id(String text) {
        return Fields.required("approvalId", text, Texts::number);
    }

    private static RuntimeException unknown() {
        return Problem.notFound("APPROVAL_UNKNOWN", "there is no such request")
                .at("approvalId")
                .exception();
    }

    private Approval shown(ApprovalRow row) {
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
