package io.perpetua.edge;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.accounts.AgentFilter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows that an agent may read, as a condition of SQL. */
public final class AgentRows {
    private AgentRows() {}

    /**
     * True of the rows that the filter lets be read, by the columns with their subaccount and
     * market. Of the filter nothing gets into it but numbers.
     */
    public static String condition(
            @Nullable AgentFilter filter, String subaccountColumn, String marketColumn) {
        if (filter == null) {
            return "true";
        } else if (filter.allOf() != null) {
            return joined(filter.allOf(), " and ", subaccountColumn, marketColumn);
        } else if (filter.anyOf() != null) {
            return joined(filter.anyOf(), " or ", subaccountColumn, marketColumn);
        } else if (filter.markets() != null) {
            return in(
                    marketColumn, filter.markets().stream().map(id -> (long) id.value()).toList());
        } else if (filter.subaccounts() != null) {
            return in(
                    subaccountColumn, filter.subaccounts().stream().map(id -> id.value()).toList());
        }
        return Boolean.toString(filter.permits(AgentAction.READ, null, null));
    }

    private static String joined(
            List<AgentFilter> parts, String word, String subaccountColumn, String marketColumn) {
        return parts.stream()
                .map(part -> condition(part, subaccountColumn, marketColumn))
                .collect(Collectors.joining(word, "(", ")"));
    }

    private static String in(String column, List<Long> ids) {
        return ids.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", column + " in (", ")"));
    }
}
