package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.AdministratorsOnly;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.marketdata.app.DecideMarketApproval;
import io.perpetua.marketdata.app.DecideMarketApprovalHandler;
import io.perpetua.marketdata.app.DecideMarketApprovalHandler.Outcome;
import io.perpetua.marketdata.app.Decider;
import io.perpetua.marketdata.app.MarketApprovalQueries;
import io.perpetua.marketdata.app.MarketApprovals.Asked;
import io.perpetua.marketdata.domain.approval.ApprovalRefusal;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Changes of markets that one administrator asks for and another one decides. */
@Path("/v1/market-approvals")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "market approvals")
public class MarketApprovalsResource {
    private static final String READ = "READ_APPROVALS";
    private static final String DECIDE = "DECIDE_APPROVALS";
    private static final String ID = "[0-9]{1,15}";
    private static final String EXAMPLE = "{\"reason\":\"agreed in ticket-4711\"}";

    private final Deciders deciders;
    private final DecideMarketApprovalHandler decisions;
    private final MarketApprovalQueries approvals;
    private final Symbols symbols;
    private final Clock clock;

    MarketApprovalsResource(
            Deciders deciders,
            DecideMarketApprovalHandler decisions,
            MarketApprovalQueries approvals,
            Symbols symbols,
            Clock clock) {
        this.deciders = deciders;
        this.decisions = decisions;
        this.approvals = approvals;
        this.symbols = symbols;
        this.clock = clock;
    }

    /** Why an administrator decides so. */
    @Schema(
            name = "MarketApprovalDecision",
            requiredProperties = {"reason"})
    public record DecisionRequest(
            @Schema(description = "1 to 500 characters; the audit log keeps it.") String reason) {}

    /** What was asked for. */
    @GET
    @Operation(
            operationId = "listMarketApprovals",
            summary = "Changes of markets that take two administrators, newest first",
            description =
                    "Needs an administrator's token, with the permission READ_APPROVALS. POST"
                            + " /v1/markets/{symbol}/versions and ../funding-overrides ask for them.")
    @APIResponse(responseCode = "200", description = "A page of requests")
    @APIResponse(
            responseCode = "400",
            description = "FIELD_INVALID, CURSOR_INVALID",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public Page<MarketApprovalView> list(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            @Parameter(description = "A symbol; all markets if absent.") @QueryParam("market")
                    @Nullable String market,
            @Parameter(
                            description = "All states if absent.",
                            schema = @Schema(implementation = MarketApprovalState.class))
                    @QueryParam("state")
                    @Nullable String state,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        deciders.require(authorization, userAgent, READ);
        PageRequest page = PageRequest.of(limit, cursor);
        MarketApprovalState wanted = Fields.optional("state", state, MarketApprovalState.class);
        MarketId of = market == null ? null : symbols.market("market", market).id();
        Cursor after = page.after();
        long now = clock.millis();
        return Page.of(
                page,
                approvals.newest(
                        of, wanted, after == null ? Long.MAX_VALUE : after.id(), page.rows(), now),
                stored -> MarketApprovalView.of(stored, now),
                stored -> new Cursor(stored.requestedMillis(), stored.id()));
    }

    /** One of them. */
    @GET
    @Path("/{approvalId}")
    @Operation(
            operationId = "getMarketApproval",
            summary = "A change of a market that takes two administrators",
            description = "Needs an administrator's token, with the permission READ_APPROVALS.")
    @APIResponse(responseCode = "200", description = "The request, as far as it has come")
    @APIResponse(
            responseCode = "400",
            description = "FIELD_INVALID",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "APPROVAL_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public MarketApprovalView get(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^" + ID + "$"))
                    @PathParam("approvalId")
                    String approvalId,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent) {
        deciders.require(authorization, userAgent, READ);
        return approvals
                .find(id(approvalId))
                .map(stored -> MarketApprovalView.of(stored, clock.millis()))
                .orElseThrow(MarketApprovalsResource::unknown);
    }

    /** Approves one. */
    @POST
    @Path("/{approvalId}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "approveMarketChange",
            summary = "Approve what another administrator wants of a market",
            description =
                    "Needs an administrator's token, with the permission DECIDE_APPROVALS. Exactly"
                            + " what was asked for is decided, by the rules as they hold now, and"
                            + " once, however often it is repeated. What can't be done any more is"
                            + " refused as if it was asked for now, and stays open. One's own is"
                            + " refused: 403 OWN_REQUEST.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "decision", value = EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Approved and done, now or before by the same administrator")
    @APIResponse(
            responseCode = "400",
            description = "BODY_MALFORMED, FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "APPROVAL_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description =
                    "APPROVAL_DECIDED, APPROVAL_EXPIRED, VERSION_NOT_NEXT: another version came"
                            + " between",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "What the request is refused for by now: MARKET_DELISTED, VERSIONS_WAITING,"
                            + " EFFECTIVE_TIME_INVALID, STATUS_UNREACHABLE, POSITIONS_OPEN,"
                            + " PRICE_SOURCE_MISSING; MARKET_ENDED, RATE_ABOVE_CAP, END_INVALID",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public MarketApprovalView approve(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^" + ID + "$"))
                    @PathParam("approvalId")
                    String approvalId,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            DecisionRequest decision) {
        return decide(
                approvalId, true, deciders.require(authorization, userAgent, DECIDE), decision);
    }

    /** Rejects one. */
    @POST
    @Path("/{approvalId}/reject")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "rejectMarketChange",
            summary = "Reject what another administrator wants of a market",
            description =
                    "Needs an administrator's token, with the permission DECIDE_APPROVALS. One's"
                            + " own is refused: 403 OWN_REQUEST.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "decision", value = EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Rejected, now or before by the same administrator")
    @APIResponse(
            responseCode = "400",
            description = "BODY_MALFORMED, FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "APPROVAL_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "APPROVAL_DECIDED, APPROVAL_EXPIRED",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public MarketApprovalView reject(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^" + ID + "$"))
                    @PathParam("approvalId")
                    String approvalId,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            DecisionRequest decision) {
        return decide(
                approvalId, false, deciders.require(authorization, userAgent, DECIDE), decision);
    }

    /** 202 with the request that waits, and where it is. */
    static RestResponse<Object> accepted(Asked asked, long nowMillis) {
        MarketApprovalView view = MarketApprovalView.of(asked, nowMillis);
        return RestResponse.ResponseBuilder.<Object>accepted(view)
                .header(HttpHeaders.LOCATION, "/v1/market-approvals/" + view.id())
                .build();
    }

    private MarketApprovalView decide(
            String approvalId, boolean approve, Decider by, DecisionRequest decision) {
        String reason = Fields.required("reason", decision.reason(), Reasons::parse);
        return switch (decisions.handle(
                new DecideMarketApproval(id(approvalId), approve, by, reason))) {
            case Outcome.Decided decided ->
                    MarketApprovalView.of(decided.approval(), clock.millis());
            case Outcome.Unknown() -> throw unknown();
            case Outcome.Refused(ApprovalRefusal refusal) ->
                    throw Problem.of(
                                    refusal == ApprovalRefusal.OWN_REQUEST ? 403 : 409,
                                    refusal.name(),
                                    sentence(refusal))
                            .at("approvalId")
                            .exception();
            case Outcome.VersionRefused refused ->
                    throw MarketVersionsResource.problem(refused.why()).exception();
            case Outcome.FundingRefused refused ->
                    throw FundingOverridesResource.problem(refused.why()).exception();
        };
    }

    private static String sentence(ApprovalRefusal refusal) {
        return switch (refusal) {
            case OWN_REQUEST -> "whoever asks for it is not who decides on it";
            case APPROVAL_DECIDED -> "it is decided already";
            case APPROVAL_EXPIRED -> "nobody decided in time; ask for it anew";
        };
    }

    private static long id(String text) {
        if (!text.matches(ID)) {
            throw Problem.fieldInvalid("approvalId", "'approvalId' is a number of up to 15 digits")
                    .exception();
        }
        return Long.parseLong(text);
    }

    private static ProblemException unknown() {
        return Problem.notFound("APPROVAL_UNKNOWN", "there is no such request")
                .at("approvalId")
                .exception();
    }
}
