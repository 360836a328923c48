package io.perpetua.edge.system;

import io.perpetua.edge.Fields;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Times;
import io.perpetua.edge.system.SystemEventStore.Filter;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Which system events are asked for. */
public class SystemEventQuery {
    @Parameter(
            description = "all types if absent",
            schema = @Schema(implementation = SystemEventType.class))
    @QueryParam("type")
    @Nullable String type;

    @Parameter(
            description = "all severities if absent",
            schema = @Schema(implementation = SystemEventSeverity.class))
    @QueryParam("severity")
    @Nullable String severity;

    @Parameter(description = "only what happened then or later")
    @QueryParam("from")
    @Nullable String from;

    @Parameter(description = "only what happened before")
    @QueryParam("to")
    @Nullable String to;

    @Parameter(description = "1 to 200, 50 if absent")
    @QueryParam("limit")
    @Nullable String limit;

    @Parameter(description = "nextCursor of the page before")
    @QueryParam("cursor")
    @Nullable String cursor;

    /**
     * What it is about.
     *
     * @throws io.perpetua.edge.ProblemException FIELD_INVALID
     */
    public Filter filter() {
        return new Filter(
                Fields.optional("type", type, SystemEventType.class),
                Fields.optional("severity", severity, SystemEventSeverity.class),
                Fields.optional("from", from, Times::parse),
                Fields.optional("to", to, Times::parse));
    }

    /**
     * How many, and after which.
     *
     * @throws io.perpetua.edge.ProblemException FIELD_INVALID, CURSOR_INVALID
     */
    public PageRequest page() {
        return PageRequest.of(limit, cursor);
    }
}
