package io.perpetua.risk.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.risk.app.AccountQueries;
import io.perpetua.risk.app.AccountView;
import io.perpetua.risk.app.TotalsQuery;
import io.perpetua.risk.app.TotalsView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the caller's subaccounts are worth, hold and may use. */
@Path("/v1/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "accounts")
public class AccountsResource {
    private final Caller caller;
    private final AccountQueries accounts;
    private final TotalsQuery totals;

    AccountsResource(Caller caller, AccountQueries accounts, TotalsQuery totals) {
        this.caller = caller;
        this.accounts = accounts;
        this.totals = totals;
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(
            operationId = "listAccounts",
            summary = "Margin of all own subaccounts",
            description = "All on one page, by subaccount id.")
    public Page<AccountView> list() {
        return new Page<>(
                accounts.all(caller.user()).stream()
                        .filter(account -> caller.mayActOn(account.subaccountId(), null))
                        .toList(),
                null);
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Path("/{subaccountId}")
    @Operation(operationId = "getAccount", summary = "Margin of one own subaccount")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AccountView.class)))
    @APIResponse(
            responseCode = "404",
            description = "SUBACCOUNT_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public AccountView get(@PathParam("subaccountId") String subaccountId) {
        SubaccountId subaccount =
                Fields.required("subaccountId", subaccountId, SubaccountId::parse);
        caller.actOn(subaccount, null);
        return accounts.find(caller.user(), subaccount).orElseThrow(Refusals::subaccountUnknown);
    }

    @GET
    @ClosedToAgents
    @Path("/totals")
    @Operation(
            operationId = "getTotals",
            summary = "Sums over all accounts",
            description = "For the checks that hold across services; no account can be told.")
    public TotalsView totals() {
        return totals.read();
    }
}
