package io.perpetua.risk.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.risk.CollateralTransferred;
import io.perpetua.contracts.risk.LeverageChangeRefused;
import io.perpetua.contracts.risk.LeverageChanged;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.TransferRefused;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.risk.app.ChangeLeverageHandler;
import io.perpetua.risk.app.CommandAnswer;
import io.perpetua.risk.app.LeverageQueries;
import io.perpetua.risk.app.LeverageView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The leverage of the caller's subaccounts, by market. */
@Path("/v1/leverage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "leverage")
public class LeverageResource {
    /** What leverage is asked for. */
    @Schema(description = "The leverage asked for, from 1 to the market's greatest.")
    public record ChangeLeverageRequest(SubaccountId subaccountId, int leverage) {}

    private final Caller caller;
    private final Markets markets;
    private final LeverageQueries leverages;
    private final ChangeLeverageHandler changing;

    LeverageResource(
            Caller caller,
            Markets markets,
            LeverageQueries leverages,
            ChangeLeverageHandler changing) {
        this.caller = caller;
        this.markets = markets;
        this.leverages = leverages;
        this.changing = changing;
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(
            operationId = "listLeverages",
            summary = "Leverage of an own subaccount in every market",
            description = "All on one page, by market. 404 SUBACCOUNT_UNKNOWN if it is not own.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "SUBACCOUNT_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<LeverageView> list(
            @Parameter(required = true) @QueryParam("subaccountId") @Nullable String subaccountId) {
        SubaccountId subaccount =
                Fields.required("subaccountId", subaccountId, SubaccountId::parse);
        List<LeverageView> found =
                leverages.of(caller.user(), subaccount).orElseThrow(Refusals::subaccountUnknown);
        return new Page<>(
                found.stream()
                        .filter(view -> caller.mayActOn(subaccount, markets.idOf(view.market())))
                        .toList(),
                null);
    }

    @PUT
    @OpenToAgents(AgentAction.CHANGE_LEVERAGE)
    @Path("/{market}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeLeverage",
            summary = "Change the leverage of an own subaccount in a market",
            description =
                    "Refused when the collateral would not cover positions and open orders at the"
                            + " new leverage. Repeating it does no harm.")
    @APIResponse(
            responseCode = "200",
            description = "The leverage is as asked for.",
            content = @Content(schema = @Schema(implementation = LeverageView.class)))
    @APIResponse(responseCode = "202", description = "Journalled and not decided yet.")
    @APIResponse(
            responseCode = "404",
            description = "SUBACCOUNT_UNKNOWN, MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "LEVERAGE_TOO_HIGH, MARK_PRICE_UNAVAILABLE, MARGIN_INSUFFICIENT,"
                            + " USER_SUSPENDED, USER_DEACTIVATED, USER_CLOSED",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "OVERLOADED, OUTCOME_UNKNOWN: repeat it.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Uni<RestResponse<LeverageView>> change(
            @PathParam("market") String symbol, ChangeLeverageRequest request) {
        Market market = markets.addressed(symbol);
        if (request.leverage() < 1) {
            throw Problem.fieldInvalid("leverage", "a leverage is at least 1").exception();
        }
        caller.actOn(request.subaccountId(), market.id());
        return Uni.createFrom()
                .completionStage(
                        changing.handle(
                                caller.user(),
                                request.subaccountId(),
                                market.id(),
                                request.leverage(),
                                caller.nonce()))
                .map(answer -> answer(answer, request, market));
    }

    private static RestResponse<LeverageView> answer(
            CommandAnswer answer, ChangeLeverageRequest request, Market market) {
        return switch (answer) {
            case CommandAnswer.Decided decided -> decided(decided.outcome(), request, market);
            case CommandAnswer.Pending() -> RestResponse.accepted();
            case CommandAnswer.Unknown unknown -> throw Undecided.problem(unknown, "change");
            case CommandAnswer.Shed shed -> throw Undecided.problem(shed);
        };
    }

    private static RestResponse<LeverageView> decided(
            PositionEvent outcome, ChangeLeverageRequest request, Market market) {
        return switch (outcome) {
            case LeverageChanged changed ->
                    RestResponse.ok(
                            new LeverageView(
                                    request.subaccountId(),
                                    market.symbol(),
                                    changed.leverage(),
                                    market.maxLeverage(),
                                    true));
            case LeverageChangeRefused refused -> throw Refusals.ofLeverage(refused.refusal());
            case CollateralTransferred other -> throw new IllegalStateException("" + other);
            case TransferRefused other -> throw new IllegalStateException("" + other);
        };
    }
}
