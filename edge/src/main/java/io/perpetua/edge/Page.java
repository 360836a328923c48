package io.perpetua.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A part of a list, newest first, and the cursor of the part after it; null at the end. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Page<T>(List<T> items, @Nullable String nextCursor) {
    /** The items as they are. */
    public Page {
        items = List.copyOf(items);
    }

    /** From {@link PageRequest#rows} rows or, at the list's end, fewer. */
    public static <R, T> Page<T> of(
            PageRequest request, List<R> rows, Function<R, T> item, Function<R, Cursor> cursor) {
        boolean more = rows.size() > request.limit();
        List<R> shown = more ? rows.subList(0, request.limit()) : rows;
        return new Page<>(
                shown.stream().map(item).toList(),
                more ? cursor.apply(shown.getLast()).toString() : null);
    }
}
