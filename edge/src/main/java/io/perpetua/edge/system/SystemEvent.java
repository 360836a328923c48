package io.perpetua.edge.system;

import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.system.SystemEventStore.SystemEventRow;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What happened to a service in a minute, as its administrators read it. */
public record SystemEvent(
        String id,
        @Schema(description = "as in the filter; later versions may have more") String type,
        SystemEventSeverity severity,
        @Schema(description = "how often, in that minute or since the event before") long count,
        @Schema(description = "JSON, of the last time") String data,
        @Schema(description = "the last time in that minute") Instant at) {

    /** A page of what was found for it. */
    public static Page<SystemEvent> page(PageRequest page, List<SystemEventRow> rows) {
        return Page.of(
                page, rows, SystemEvent::of, row -> new Cursor(row.at().toEpochMilli(), row.id()));
    }

    private static SystemEvent of(SystemEventRow row) {
        return new SystemEvent(
                Long.toString(row.id()),
                row.type(),
                row.severity(),
                row.count(),
                row.data(),
                row.at());
    }
}
