package io.perpetua.marketdata.api;

import io.perpetua.edge.ClientAddress;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Long answers of a line a row, written while they are read; few of them at a time, so that a
 * client that does not read leaves turns for the others, and one that reads hardly is cut off.
 */
@ApplicationScoped
public class Exports {
    static final String NDJSON = "application/x-ndjson";
    static final String CSV = "text/csv";

    /**
     * Of one instance: each holds a thread, and half of the connections to the database is left.
     */
    private static final int MOST_AT_ONCE = 4;

    private static final int MOST_OF_ONE_CLIENT = 2;

    private final CurrentVertxRequest current;
    private final Map<Long, Integer> taken = new HashMap<>();
    private int allTaken;

    Exports(CurrentVertxRequest current) {
        this.current = current;
    }

    /** How the lines are written. */
    @Schema(name = "HistoryFormat")
    public enum Format {
        /** A JSON object a line. */
        NDJSON,
        /** Comma-separated values below a header. */
        CSV;

        static Format of(@Nullable String text) {
            Format format = Fields.optional("format", text, Format.class);
            return format == null ? NDJSON : format;
        }
    }

    /** An answer that {@code rows} writes, below {@code columns}. */
    Response stream(Format format, List<String> columns, Consumer<Lines> rows) {
        long client = ClientAddress.network(ClientAddress.of(current.getCurrent().request()));
        StreamingOutput body =
                output -> {
                    take(client);
                    OutputStream paced = new LeastRateOutput(output, System::nanoTime);
                    try (Lines lines =
                            format == Format.CSV
                                    ? Lines.csv(paced, columns)
                                    : Lines.json(paced, columns)) {
                        rows.accept(lines);
                    } catch (UncheckedIOException gone) {
                        throw new IOException(gone);
                    } finally {
                        giveBack(client);
                    }
                };
        return Response.ok(body, format == Format.CSV ? CSV : NDJSON).build();
    }

    private synchronized void take(long client) {
        int own = taken.getOrDefault(client, 0);
        if (own == MOST_OF_ONE_CLIENT) {
            throw Problem.of(
                            429,
                            "RATE_LIMITED",
                            "%d long answers to this address are under way"
                                    .formatted(MOST_OF_ONE_CLIENT))
                    .exception();
        }
        if (allTaken == MOST_AT_ONCE) {
            throw Problem.of(503, "OVERLOADED", "too many long answers are under way").exception();
        }
        taken.put(client, own + 1);
        allTaken++;
    }

    private synchronized void giveBack(long client) {
        taken.computeIfPresent(client, (same, own) -> own == 1 ? null : own - 1);
        allTaken--;
    }
}
