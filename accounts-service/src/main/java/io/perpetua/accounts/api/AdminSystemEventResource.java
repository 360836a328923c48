package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.system.SystemEvent;
import io.perpetua.edge.system.SystemEventQuery;
import io.perpetua.edge.system.SystemEventStore;
import io.perpetua.edge.system.SystemEventStore.Filter;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What happened to the service itself, for administrators. */
@Path("/v1/admin/system-events")
@PermitAll
@SecurityRequirement(name = AdminFilter.SECURITY)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "System events", description = "Needs an administrator's token.")
public class AdminSystemEventResource {
    private final AdminCaller caller;
    private final SystemEventStore events;
    private final AdminTransactions transactions;

    /** With what it reads. */
    public AdminSystemEventResource(
            AdminCaller caller, SystemEventStore events, AdminTransactions transactions) {
        this.caller = caller;
        this.events = events;
        this.transactions = transactions;
    }

    /** A page of them. */
    @GET
    @RequiresPermission(AdminPermission.READ_AUDIT)
    @Operation(
            operationId = "listSystemEvents",
            summary = "Starts, shards taken and lost, and alerts of accounts-service, newest first",
            description =
                    "Of a type at most one a minute, with how often it happened; for 30 days.")
    @APIResponse(responseCode = "200", description = "A page of events")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Page<SystemEvent> list(@BeanParam SystemEventQuery query) {
        Filter filter = query.filter();
        PageRequest page = query.page();
        return SystemEvent.page(
                page, transactions.call(caller.id(), tx -> events.list(tx, filter, page)));
    }
}
