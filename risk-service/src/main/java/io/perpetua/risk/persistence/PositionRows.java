package io.perpetua.risk.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.margin.Position;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A position's row, as {@link StateWriter} writes it. */
final class PositionRows {
    static final String COLUMNS =
            "subaccount_id, market_id, opened_by_trade_id, user_id, size_e8, cost_micros,"
                    + " entry_e8, is_long, largest_size_e8, realised_micros, fees_micros,"
                    + " opened_at_millis, closed_at_millis";

    private PositionRows() {}

    static Position of(ResultSet row) throws SQLException {
        long closedAt = row.getLong(13);
        return new Position(
                new UserId(row.getLong(4)),
                new SubaccountId(row.getLong(1)),
                new MarketId(row.getInt(2)),
                new TradeId(row.getLong(3)),
                new Quantity(row.getLong(5)),
                new Usd(row.getLong(6)),
                new Price(row.getLong(7)),
                row.getBoolean(8),
                new Quantity(row.getLong(9)),
                new Usd(row.getLong(10)),
                new Usd(row.getLong(11)),
                row.getLong(12),
                closedAt == 0 ? null : closedAt);
    }
}
