package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.AdministratorsOnly;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.ChangeMarket;
import io.perpetua.marketdata.app.ChangeMarketHandler;
import io.perpetua.marketdata.app.Decider;
import io.perpetua.marketdata.domain.catalogue.CatalogueRefusal;
import io.perpetua.marketdata.domain.catalogue.VersionDecision;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The versions of a market: all may see them, administrators decide them. */
@Path("/v1/markets/{symbol}/versions")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "markets")
public class MarketVersionsResource {
    private final Deciders deciders;
    private final ChangeMarketHandler changes;
    private final Symbols symbols;
    private final Clock clock;

    MarketVersionsResource(
            Deciders deciders, ChangeMarketHandler changes, Symbols symbols, Clock clock) {
        this.deciders = deciders;
        this.changes = changes;
        this.symbols = symbols;
        this.clock = clock;
    }

    /** A version. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @RegisterForReflection
    @Schema(name = "MarketVersion")
    public record VersionView(
            @Schema(description = "From when on it is to be in force.") Instant effectiveAt,
            @Schema(description = "Whether it is in force, or was.") boolean inForce,
            Market definition) {
        static VersionView of(StoredVersion version) {
            return new VersionView(
                    Instant.ofEpochMilli(version.effectiveMillis()),
                    version.inForce(),
                    version.definition());
        }
    }

    /** A version that is wanted. */
    @Schema(
            name = "NewMarketVersion",
            requiredProperties = {"definition", "reason"})
    public record NewVersion(
            @Schema(description = "The market whole, with the next version number.")
                    Market definition,
            @Schema(description = "From when on; at once when it is left out.")
                    @Nullable Instant effectiveAt,
            @Schema(description = "Why, 1 to 500 characters; it is kept with the version.")
                    String reason) {}

    /** All versions. */
    @GET
    @Operation(
            operationId = "listMarketVersions",
            summary = "The versions of a market, newest first, those to come included",
            description = "A version takes effect within a second of its time.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<VersionView> list(String symbol) {
        return new Page<>(
                symbols.versions("symbol", symbol).stream().map(VersionView::of).toList(), null);
    }

    /** A further one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "decideMarketVersion",
            summary = "Decide on a market's next version, or list a new market with its first",
            description =
                    "Needs an administrator's token, with the permission CHANGE_MARKETS. The"
                            + " definition is the market whole, as it is to be. A new market's first"
                            + " version is ANNOUNCED and takes effect at once. What goes beyond what"
                            + " one administrator may do, as opening a market does, waits for"
                            + " another one; what makes a market safer, as a halt does, never does."
                            + " 'stalenessMillis' is 3000 to 300000; what is less, of before that was"
                            + " the least, may stay."
                            + " The same definition again gets the first answer again.")
    @APIResponse(
            responseCode = "201",
            description = "Decided",
            content = @Content(schema = @Schema(implementation = VersionView.class)))
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
            responseCode = "409",
            description = "VERSION_NOT_NEXT",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "MARKET_DELISTED, VERSIONS_WAITING, EFFECTIVE_TIME_INVALID, FIELD_FIXED,"
                            + " STATUS_UNREACHABLE, POSITIONS_OPEN, PARAMETER_INVALID,"
                            + " PRICE_SOURCE_MISSING, APPROVALS_EXHAUSTED",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public RestResponse<Object> decide(
            String symbol,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            NewVersion wanted) {
        Decider by = deciders.require(authorization, userAgent, Deciders.CHANGE_MARKETS);
        if (!wanted.definition().symbol().equals(symbol)) {
            throw Problem.fieldInvalid(
                            "definition.symbol", "'definition.symbol' is the one of the path")
                    .exception();
        }
        Fields.required("definition.symbol", symbol, Symbols::parse);
        String reason = Fields.required("reason", wanted.reason(), Reasons::parse);
        Instant effectiveAt = wanted.effectiveAt();
        return switch (changes.handle(
                new ChangeMarket(
                        wanted.definition(),
                        effectiveAt == null ? null : effectiveAt.truncatedTo(ChronoUnit.MILLIS),
                        by,
                        reason))) {
            case ChangeMarketHandler.Outcome.Decided decided ->
                    RestResponse.status(
                            RestResponse.Status.CREATED, VersionView.of(decided.version()));
            case ChangeMarketHandler.Outcome.Asked asked ->
                    MarketApprovalsResource.accepted(asked.asked(), clock.millis());
            case ChangeMarketHandler.Outcome.Refused refused ->
                    throw problem(refused.why()).exception();
        };
    }

    /** Why a version is not decided. */
    static Problem problem(VersionDecision.Refused why) {
        Problem problem =
                why.reason() == CatalogueRefusal.VERSION_NOT_NEXT
                        ? Problem.conflict(why.reason().name(), why.detail())
                        : Problem.refused(why.reason(), why.detail());
        return problem.at(why.field());
    }
}
