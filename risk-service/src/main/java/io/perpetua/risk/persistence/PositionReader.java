package io.perpetua.risk.persistence;

import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.AgentRows;
import io.perpetua.risk.domain.margin.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists a user's positions, the last opened first. */
public final class PositionReader {
    private static final String LIST =
            "select "
                    + PositionRows.COLUMNS
                    + """
                     from positions
                    where user_id = ?
                      and (?::bigint is null or subaccount_id = ?)
                      and (?::integer is null or market_id = ?)
                      and (?::boolean is null or (closed_at_millis is null) = ?)
                      and (?::bigint is null or (opened_at_millis, opened_by_trade_id) < (?, ?))
                      and %s
                    order by opened_at_millis desc, opened_by_trade_id desc
                    limit ?
                    """;

    /**
     * Which ones; null does not narrow.
     *
     * @param open only those that are open, or only those that are not
     * @param readable what an agent that asks may see of them
     * @param afterMillis with {@code afterTrade} the place in the list after which to begin
     */
    public record Filter(
            @Nullable SubaccountId subaccount,
            @Nullable MarketId market,
            @Nullable Boolean open,
            @Nullable Long afterMillis,
            @Nullable Long afterTrade,
            @Nullable AgentFilter readable) {}

    private PositionReader() {}

    /** At most {@code limit} of the user's positions. */
    public static List<Position> list(Connection transaction, UserId user, Filter filter, int limit)
            throws SQLException {
        Long subaccount = filter.subaccount() == null ? null : filter.subaccount().value();
        Integer market = filter.market() == null ? null : filter.market().value();
        Object[] parameters = {
            user.value(),
            subaccount,
            subaccount,
            market,
            market,
            filter.open(),
            filter.open(),
            filter.afterMillis(),
            filter.afterMillis(),
            filter.afterTrade(),
            limit
        };
        String readable = AgentRows.condition(filter.readable(), "subaccount_id", "market_id");
        List<Position> positions = new ArrayList<>();
        try (PreparedStatement statement = transaction.prepareStatement(LIST.formatted(readable))) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    positions.add(PositionRows.of(row));
                }
            }
        }
        return positions;
    }
}
