package io.perpetua.marketdata.api;

import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Long answers of a line a row, written while they are read; few of them at a time. */
@ApplicationScoped
public class Exports {
    static final String NDJSON = "application/x-ndjson";
    static final String CSV = "text/csv";

    /**
     * Of one instance: each holds a thread, and half of the connections to the database is left.
     */
    private static final int MOST_AT_ONCE = 4;

    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

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
        StreamingOutput body =
                output -> {
                    if (!free.tryAcquire()) {
                        throw overloaded();
                    }
                    try (Lines lines =
                            format == Format.CSV
                                    ? Lines.csv(output, columns)
                                    : Lines.json(output, columns)) {
                        rows.accept(lines);
                    } catch (UncheckedIOException gone) {
                        throw new IOException(gone);
                    } finally {
                        free.release();
                    }
                };
        return Response.ok(body, format == Format.CSV ? CSV : NDJSON).build();
    }

    private static RuntimeException overloaded() {
        return Problem.of(503, "OVERLOADED", "too many long answers are under way").exception();
    }
}
