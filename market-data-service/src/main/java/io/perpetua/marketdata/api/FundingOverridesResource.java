package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Rate;
import io.perpetua.edge.AdministratorsOnly;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.Decider;
import io.perpetua.marketdata.app.FundingQueries;
import io.perpetua.marketdata.app.OverrideFunding;
import io.perpetua.marketdata.app.OverrideFundingHandler;
import io.perpetua.marketdata.domain.funding.FundingDecision;
import io.perpetua.marketdata.domain.funding.FundingOverride;
import io.perpetua.marketdata.persistence.FundingOverrideStore.StoredOverride;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Funding rates by hand: all may see them, administrators decide them. */
@Path("/v1/markets/{symbol}/funding-overrides")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "prices")
public class FundingOverridesResource {
    private final Deciders deciders;
    private final OverrideFundingHandler overrides;
    private final FundingQueries fundings;
    private final Symbols symbols;
    private final Clock clock;

    FundingOverridesResource(
            Deciders deciders,
            OverrideFundingHandler overrides,
            FundingQueries fundings,
            Symbols symbols,
            Clock clock) {
        this.deciders = deciders;
        this.overrides = overrides;
        this.fundings = fundings;
        this.symbols = symbols;
        this.clock = clock;
    }

    /** What an administrator decided. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @RegisterForReflection
    @Schema(name = "FundingOverride")
    public record OverrideView(
            @Schema(description = "1, 2, 3 and so on of each market; the newest counts.")
                    long number,
            @Schema(
                            description =
                                    "MANUAL or EMERGENCY; null where the rate before it is taken back.")
                    @Nullable FundingKind kind,
            @Schema(description = "Of a whole interval; null where one is taken back.")
                    @Nullable Rate rate,
            @Schema(description = "Of intervals that end no later; null where one is taken back.")
                    @Nullable Instant until,
            Instant at,
            String reason) {
        static OverrideView of(StoredOverride stored) {
            FundingOverride override = stored.override();
            Instant at = Instant.ofEpochMilli(stored.atMillis());
            return override == null
                    ? new OverrideView(stored.number(), null, null, null, at, stored.reason())
                    : new OverrideView(
                            stored.number(),
                            override.kind(),
                            override.rate(),
                            Instant.ofEpochMilli(override.untilMillis()),
                            at,
                            stored.reason());
        }
    }

    /** A rate that is wanted. */
    @Schema(
            name = "NewFundingOverride",
            requiredProperties = {"kind", "rate", "until", "reason"})
    public record NewOverride(
            @Schema(description = "MANUAL, within the market's cap, or EMERGENCY, within 0.25.")
                    FundingKind kind,
            @Schema(description = "Of a whole interval: longs pay it to shorts, if it is positive.")
                    Rate rate,
            @Schema(description = "Intervals that end later set their own again; within 7 days.")
                    Instant until,
            @Schema(description = "Why, 1 to 500 characters; all may read it.") String reason) {}

    /** All of them. */
    @GET
    @Operation(
            operationId = "listFundingOverrides",
            summary = "Funding rates by hand of one market, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<OverrideView> list(
            String symbol,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        Market market = symbols.market("symbol", symbol);
        Cursor after = page.after();
        return Page.of(
                page,
                fundings.overrides(
                        market.id(), after == null ? Long.MAX_VALUE : after.id(), page.rows()),
                OverrideView::of,
                stored -> new Cursor(stored.atMillis(), stored.number()));
    }

    /** A further one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "overrideFunding",
            summary = "Have a market's intervals set this rate for a while",
            description =
                    "Needs an administrator's token, with the permission CHANGE_MARKETS. From a"
                            + " second later on, each interval that ends until then sets this rate"
                            + " instead of that of its premium. It takes the place of the one"
                            + " before it. A rate that is further from zero than one administrator"
                            + " may set waits for another one. The same again gets the first answer"
                            + " again.")
    @APIResponse(
            responseCode = "201",
            description = "Decided",
            content = @Content(schema = @Schema(implementation = OverrideView.class)))
    @APIResponse(
            responseCode = "202",
            description =
                    "It goes beyond what one administrator may do, as 'exceeds' says, and waits for"
                            + " another one, or has come so far since it was asked for; see"
                            + " Location",
            content = @Content(schema = @Schema(implementation = MarketApprovalView.class)))
    @APIResponse(
            responseCode = "400",
            description = "BODY_MALFORMED, FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "MARKET_ENDED, RATE_ABOVE_CAP, END_INVALID, APPROVALS_EXHAUSTED",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public RestResponse<Object> decide(
            String symbol,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            NewOverride wanted) {
        Decider by = deciders.require(authorization, userAgent, Deciders.CHANGE_MARKETS);
        Market market = symbols.market("symbol", symbol);
        if (wanted.kind() == FundingKind.AUTOMATIC) {
            throw Problem.fieldInvalid("kind", "'kind' is none of the allowed words")
                    .allowing(List.of(FundingKind.MANUAL.name(), FundingKind.EMERGENCY.name()))
                    .exception();
        }
        OverrideFunding command =
                new OverrideFunding(
                        market,
                        wanted.kind(),
                        wanted.rate(),
                        wanted.until().toEpochMilli(),
                        by,
                        Fields.required("reason", wanted.reason(), Reasons::parse));
        return switch (overrides.handle(command)) {
            case OverrideFundingHandler.Outcome.Decided decided ->
                    RestResponse.status(
                            RestResponse.Status.CREATED, OverrideView.of(decided.override()));
            case OverrideFundingHandler.Outcome.Asked asked ->
                    MarketApprovalsResource.accepted(asked.asked(), clock.millis());
            case OverrideFundingHandler.Outcome.Refused refused ->
                    throw problem(refused.why()).exception();
        };
    }

    /** Why a rate is not set. */
    static Problem problem(FundingDecision.Refused why) {
        return Problem.refused(why.reason(), why.detail()).at(why.field());
    }

    /** The end of the one that stands. */
    @DELETE
    @Operation(
            operationId = "takeBackFundingOverride",
            summary = "Take back the rate by hand that stands",
            description =
                    "Needs an administrator's token, with the permission CHANGE_MARKETS. Intervals"
                            + " that end from a second later on set the rate of their premium"
                            + " again.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "400",
            description = "FIELD_MISSING, FIELD_INVALID",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN, OVERRIDE_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public OverrideView takeBack(
            String symbol,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            @Parameter(description = "Why, 1 to 500 characters; all may read it.", required = true)
                    @QueryParam("reason")
                    @Nullable String reason) {
        Decider by = deciders.require(authorization, userAgent, Deciders.CHANGE_MARKETS);
        Market market = symbols.market("symbol", symbol);
        return overrides
                .takeBack(market, by, Fields.required("reason", reason, Reasons::parse))
                .map(OverrideView::of)
                .orElseThrow(
                        () ->
                                Problem.notFound("OVERRIDE_UNKNOWN", "no rate by hand stands")
                                        .exception());
    }
}
