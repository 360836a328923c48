package io.perpetua.accounts.api;

import io.perpetua.accounts.api.ApprovalView.Approval;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.ApprovalRequests.RequestOutcome;
import io.perpetua.accounts.app.ApproveAsOperatorHandler;
import io.perpetua.accounts.app.ApproveAsOperatorHandler.ApproveAsOperator;
import io.perpetua.accounts.app.ApproveAsOperatorHandler.OperatorOutcome;
import io.perpetua.accounts.app.DecideApprovalHandler;
import io.perpetua.accounts.app.DecideApprovalHandler.DecideApproval;
import io.perpetua.accounts.app.DecideApprovalHandler.DecisionOutcome;
import io.perpetua.accounts.app.DecideApprovalHandler.Verdict;
import io.perpetua.accounts.app.RequestAdjustmentHandler;
import io.perpetua.accounts.app.RequestAdjustmentHandler.RequestAdjustment;
import io.perpetua.accounts.app.TakeEnrolmentPartHandler;
import io.perpetua.accounts.app.TakeEnrolmentPartHandler.PartOutcome;
import io.perpetua.accounts.app.TakeEnrolmentPartHandler.TakeEnrolmentPart;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.domain.ledger.Asset;
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
import org.jboss.resteasy.reactive.Cache;
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
    private static final String DUST_EXAMPLE =
            "{\"subaccountId\":\"1000001\",\"asset\":\"USDT\",\"direction\":\"DEBIT\","
                    + "\"amount\":\"0.000004\",\"reason\":\"Too little to be withdrawn\","
                    + "\"reference\":\"ticket-4712\"}";
    private static final String OPERATOR_EXAMPLE = "{\"operatorSecret\":\"mV3..\"}";
    private static final int LONGEST_SECRET = 128;
    private static final Usd MOST = Usd.ofDollars(10_000_000);

    private final AdminCaller caller;
    private final RequestAdjustmentHandler adjustments;
    private final DecideApprovalHandler decisions;
    private final ApproveAsOperatorHandler operators;
    private final TakeEnrolmentPartHandler parts;
    private final ApprovalStore approvals;
    private final AdminTransactions transactions;
    private final RequestOrigin origin;
    private final ApprovalView view;
    private final Clock clock;

    /** With the handlers of its commands and what it reads. */
    public ApprovalResource(
            AdminCaller caller,
            RequestAdjustmentHandler adjustments,
            DecideApprovalHandler decisions,
            ApproveAsOperatorHandler operators,
            TakeEnrolmentPartHandler parts,
            ApprovalStore approvals,
            AdminTransactions transactions,
            RequestOrigin origin,
            ApprovalView view,
            Clock clock) {
        this.caller = caller;
        this.adjustments = adjustments;
        this.decisions = decisions;
        this.operators = operators;
        this.parts = parts;
        this.approvals = approvals;
        this.transactions = transactions;
        this.origin = origin;
        this.view = view;
        this.clock = clock;
    }

    /** A request to adjust a balance. */
    @Schema(requiredProperties = {"subaccountId", "direction", "amount", "reason", "reference"})
    public record AdjustmentRequest(
            SubaccountId subaccountId,
            @Schema(
                            description =
                                    "USDC if absent; one that the platform keeps, or of which the"
                                            + " subaccount has an account")
                    @Nullable String asset,
            Adjustment.Direction direction,
            @Schema(description = "in units of the asset, up to 10,000,000") Usd amount,
            @Schema(description = "1 to 500 printable characters") String reason,
            @Schema(
                            pattern = Texts.REFERENCE_PATTERN,
                            description =
                                    "what it settles outside the platform; makes a repeat of the"
                                            + " request harmless")
                    String reference) {}

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
            content =
                    @Content(
                            examples = {
                                @ExampleObject(name = "credit", value = EXAMPLE),
                                @ExampleObject(name = "dust", value = DUST_EXAMPLE)
                            }))
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
            description =
                    "REFERENCE_REUSED: the reference stands for another request,"
                            + " REQUESTER_NOT_ENTITLED: the caller may not any more")
    @APIResponse(
            responseCode = "422",
            description = "APPROVALS_EXHAUSTED: as many as may be wait for a decision")
    public RestResponse<Approval> adjust(AdjustmentRequest request) {
        String reason =
                Fields.required(
                        "reason",
                        request.reason(),
                        text -> Texts.line(text, ApprovalView.LONGEST_REASON));
        String reference = Fields.required("reference", request.reference(), Texts::reference);
        if (request.amount().signum() <= 0 || request.amount().compareTo(MOST) > 0) {
            throw Problem.fieldInvalid("amount", "'amount' is positive and at most " + MOST)
                    .exception();
        }
        RequestOutcome outcome =
                adjustments.handle(
                        new RequestAdjustment(
                                caller.id(),
                                new Adjustment(
                                        request.subaccountId(),
                                        request.asset() == null
                                                ? Asset.USDC
                                                : AssetFields.code(request.asset()),
                                        request.direction(),
                                        request.amount()),
                                reason,
                                reference,
                                origin.origin()));
        return view.answered(
                outcome,
                () ->
                        Problem.notFound("SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                                .at("subaccountId")
                                .exception());
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
                view::shown,
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
        return view.shown(
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
                            + " once, an administrator changed; a debit of USDC is decided by risk,"
                            + " as a withdrawal is: read the request to follow it. A debit of"
                            + " another asset is posted at once, or refused here where there is"
                            + " less: the request stays open. Nobody decides on what is about"
                            + " themselves.")
    @APIResponse(
            responseCode = "200",
            description = "Approved, now or before by the same administrator",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING, OWN_REQUEST, OWN_CASE")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description =
                    "APPROVAL_DECIDED, APPROVAL_EXPIRED, REQUESTER_NOT_ENTITLED: who asked may not"
                            + " any more, USER_CLOSING: whose balance it is asked to be deleted,"
                            + " USERNAME_TAKEN, WITHDRAWABLE_EXCEEDED: the subaccount has less of"
                            + " the asset than that, NO_PROMOTION: the role may do nothing more than"
                            + " theirs by now")
    public Approval approve(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId) {
        return decide(approvalId, Verdict.APPROVE);
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
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING, OWN_REQUEST, OWN_CASE")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    @APIResponse(responseCode = "409", description = "APPROVAL_DECIDED, APPROVAL_EXPIRED")
    public Approval reject(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId) {
        return decide(approvalId, Verdict.REJECT);
    }

    /** The operator's secret. */
    @Schema(requiredProperties = "operatorSecret")
    public record OperatorApproval(
            @Schema(description = "what the service was set up with: PERPETUA_ADMIN_BOOTSTRAP_FILE")
                    String operatorSecret) {
        @Override
        public String toString() {
            return "OperatorApproval[]";
        }
    }

    /** Approves one of the caller's own, with the operator's secret. */
    @POST
    @Path("/approvals/{approvalId}/approve-as-operator")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "approveAsOperator",
            summary = "Approve the own request for a change of administrators, as the operator",
            description =
                    "A platform begins with one administrator, who makes the second one so: by the"
                            + " secret that the service was set up with. Refused as soon as another"
                            + " administrator could decide.")
    @RequestBody(
            required = true,
            content =
                    @Content(examples = @ExampleObject(name = "secret", value = OPERATOR_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Approved, now or before in the same way",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(
            responseCode = "403",
            description = "PERMISSION_MISSING, OPERATOR_SECRET_WRONG, OWN_CASE")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description =
                    "OPERATOR_NOT_NEEDED: another administrator could decide, or it is no request"
                            + " of the caller's for a change of administrators; APPROVAL_DECIDED,"
                            + " APPROVAL_EXPIRED, USERNAME_TAKEN, NO_PROMOTION")
    @APIResponse(responseCode = "429", description = "ATTEMPTS_EXHAUSTED")
    public Approval approveAsOperator(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId,
            OperatorApproval request) {
        long id = id(approvalId);
        String secret =
                Fields.required(
                        "operatorSecret",
                        request.operatorSecret(),
                        text -> Texts.word(text, LONGEST_SECRET));
        return switch (operators.handle(
                new ApproveAsOperator(caller.admin(), id, secret, origin.origin()))) {
            case OperatorOutcome.Heard heard -> decided(heard.outcome());
            case OperatorOutcome.SecretWrong() ->
                    throw Problem.of(
                                    403,
                                    "OPERATOR_SECRET_WRONG",
                                    "not the secret that the service was set up with")
                            .at("operatorSecret")
                            .exception();
            case OperatorOutcome.Blocked blocked ->
                    throw AdminSignInResource.exhausted(blocked.remaining());
        };
    }

    /** One of the parts of a token to enrol with. */
    public record EnrolmentPart(
            AdminResource.Admin admin,
            @Schema(description = "shown this once; an earlier one of the caller's is void")
                    String enrolmentPart,
            @Schema(
                            description =
                                    "how many parts make the token: 2, one after the other, one from"
                                            + " each of the two administrators; 1 after the"
                                            + " operator's approval")
                    int parts,
            @Schema(description = "of the whole token") Instant expiresAt) {
        @Override
        public String toString() {
            return "EnrolmentPart[]";
        }
    }

    /** Hands one out. */
    @POST
    @Path("/approvals/{approvalId}/enrolment-part")
    @Cache(noStore = true)
    @RequiresPermission(AdminPermission.DECIDE_APPROVALS)
    @Operation(
            operationId = "takeEnrolmentPart",
            summary = "Take one's part of the token that a new administrator enrols with",
            description =
                    "Whoever asked for them has one part, whoever approved has the other: both give"
                            + " theirs to the new administrator, and neither can enrol in their"
                            + " name. When a part is too old, both are taken anew.")
    @APIResponse(
            responseCode = "200",
            description = "The part",
            content = @Content(schema = @Schema(implementation = EnrolmentPart.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(
            responseCode = "403",
            description = "PERMISSION_MISSING, NOT_ONE_OF_THE_TWO: neither asked nor approved")
    @APIResponse(responseCode = "404", description = "APPROVAL_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "NOBODY_ENROLS: not approved, nothing to enrol by, or enrolled already")
    public EnrolmentPart enrolmentPart(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("approvalId")
                    String approvalId) {
        return switch (parts.handle(
                new TakeEnrolmentPart(caller.id(), id(approvalId), origin.origin()))) {
            case PartOutcome.Taken taken ->
                    new EnrolmentPart(
                            AdminResource.shown(taken.admin()),
                            taken.part(),
                            taken.admin().secrets().enrolment().parts(),
                            taken.expiresAt());
            case PartOutcome.Unknown() -> throw unknown();
            case PartOutcome.NotOneOfTheTwo() ->
                    throw Problem.of(
                                    403,
                                    "NOT_ONE_OF_THE_TWO",
                                    "only who asked and who approved have a part")
                            .at("approvalId")
                            .exception();
            case PartOutcome.NobodyEnrols() ->
                    throw Problem.conflict(
                                    "NOBODY_ENROLS",
                                    "nobody is to enrol by this request: it is not approved, makes"
                                            + " or resets nobody, or they have enrolled")
                            .at("approvalId")
                            .exception();
        };
    }

    private Approval decide(String approvalId, Verdict verdict) {
        return decided(
                decisions.handle(
                        new DecideApproval(caller.id(), id(approvalId), verdict, origin.origin())));
    }

    private Approval decided(DecisionOutcome outcome) {
        return switch (outcome) {
            case DecisionOutcome.Decided decided -> view.shown(decided.approval());
            case DecisionOutcome.Unknown() -> throw unknown();
            case DecisionOutcome.Refused refused ->
                    throw Problem.of(
                                    status(refused.refusal()),
                                    refused.refusal().name(),
                                    ApprovalView.sentence(refused.refusal()))
                            .at("approvalId")
                            .exception();
        };
    }

    private static int status(ApprovalRefusal refusal) {
        return switch (refusal) {
            case OWN_REQUEST, OWN_CASE -> 403;
            default -> 409;
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
}
