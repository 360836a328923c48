package io.perpetua.orders.api;

import io.perpetua.edge.Administrators;
import io.perpetua.edge.system.SystemEventStore;
import io.perpetua.edge.system.SystemEventsResource;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What happened to orders-service itself. */
@Path("/v1/system-events/orders")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "system events")
public class ServiceEventsResource extends SystemEventsResource {
    ServiceEventsResource(Administrators administrators, SystemEventStore events) {
        super(administrators, events);
    }
}
