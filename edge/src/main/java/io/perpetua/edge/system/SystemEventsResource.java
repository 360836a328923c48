package io.perpetua.edge.system;

import io.perpetua.edge.Administrators;
import io.perpetua.edge.AdministratorsOnly;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.core.HttpHeaders;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** What happened to a service itself, for administrators; each service says under which path. */
public abstract class SystemEventsResource {
    private static final String PERMISSION = "READ_AUDIT";

    private final Administrators administrators;
    private final SystemEventStore events;

    /** With whom it asks who somebody is, and what it reads. */
    protected SystemEventsResource(Administrators administrators, SystemEventStore events) {
        this.administrators = administrators;
        this.events = events;
    }

    /** A page of them. */
    @GET
    @PermitAll
    @Operation(
            operationId = "listSystemEvents",
            summary = "Starts, shards taken and lost, and alerts of this service, newest first",
            description =
                    "Needs an administrator's token, with the permission READ_AUDIT. Of a type at"
                            + " most one a minute, with how often it happened; for 30 days.")
    @APIResponse(responseCode = "200", description = "A page of events")
    @APIResponse(
            responseCode = "400",
            description = "FIELD_INVALID, CURSOR_INVALID",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public Page<SystemEvent> list(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @BeanParam SystemEventQuery query) {
        administrators.require(authorization, PERMISSION);
        PageRequest page = query.page();
        return SystemEvent.page(page, events.list(query.filter(), page));
    }
}
