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
import io.perpetua.risk.app.SettlementQueries;
import io.perpetua.risk.app.SettlementView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
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
import org.jspecify.annotations.Nullable;

/** What the caller's trading moved in the ledger. */
@Path("/v1/settlements")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "settlements")
public class SettlementsResource {
    private final Caller caller;
    private final SettlementQueries settlements;

    SettlementsResource(Caller caller, SettlementQueries settlements) {
        this.caller = caller;
        this.settlements = settlements;
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(
            operationId = "listSettlements",
            summary = "Settlements of an own subaccount, the last first")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "SUBACCOUNT_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<SettlementView> list(
            @Parameter(required = true) @QueryParam("subaccountId") @Nullable String subaccountId,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        SubaccountId subaccount =
                Fields.required("subaccountId", subaccountId, SubaccountId::parse);
        caller.actOn(subaccount, null);
        PageRequest page = PageRequest.of(limit, cursor);
        Cursor after = page.after();
        List<SettlementView> found =
                settlements.before(
                        caller.user(),
                        subaccount,
                        after == null ? Long.MAX_VALUE : after.id(),
                        page.rows());
        return Page.of(
                page,
                found,
                settlement -> settlement,
                settlement ->
                        new Cursor(settlement.settledAt().toEpochMilli(), settlement.sequence()));
    }
}
