package io.perpetua.risk.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.risk.app.PositionQueries;
import io.perpetua.risk.app.PositionView;
import io.perpetua.risk.persistence.PositionReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The caller's positions, held and past. */
@Path("/v1/positions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "positions")
public class PositionsResource {
    private final Caller caller;
    private final Markets markets;
    private final PositionQueries positions;

    PositionsResource(Caller caller, Markets markets, PositionQueries positions) {
        this.caller = caller;
        this.markets = markets;
        this.positions = positions;
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(
            operationId = "listPositions",
            summary = "Own positions, the last opened first",
            description = "Held and past ones, unless status narrows it to either.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<PositionView> list(
            @QueryParam("subaccountId") @Nullable String subaccountId,
            @QueryParam("market") @Nullable String market,
            @QueryParam("status") @Nullable String status,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(limit, cursor);
        Cursor after = page.after();
        PositionView.Status narrowed = Fields.optional("status", status, PositionView.Status.class);
        PositionReader.Filter filter =
                new PositionReader.Filter(
                        Fields.optional("subaccountId", subaccountId, SubaccountId::parse),
                        markets.optional(market),
                        narrowed == null ? null : narrowed == PositionView.Status.OPEN,
                        after == null ? null : after.time(),
                        after == null ? null : after.id(),
                        caller.filter());
        List<PositionView> found = positions.list(caller.user(), filter, page.rows());
        return Page.of(
                page,
                found,
                position -> position,
                position ->
                        new Cursor(
                                position.openedAt().toEpochMilli(),
                                position.openedByTradeId().value()));
    }
}
