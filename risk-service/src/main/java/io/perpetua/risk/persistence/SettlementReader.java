package io.perpetua.risk.persistence;

import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.TransferSettled;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Lists a subaccount's settlements, the last first. */
public final class SettlementReader {
    private static final String LIST =
            """
            select sequence, market_id, first_trade_id, last_trade_id, fills, notional_micros,
                realised_micros, fee_micros, at_millis, transfer_id, counterpart_id,
                transfer_micros, withdrawal_id, withdrawal_micros, adjustment_id, adjustment_micros
            from settlements
            where user_id = ? and subaccount_id = ? and sequence < ?
            order by sequence desc
            limit ?
            """;

    private SettlementReader() {}

    /** At most {@code limit} of those that come before {@code sequence}. */
    public static List<Settlement> before(
            Connection transaction, UserId user, SubaccountId subaccount, long sequence, int limit)
            throws SQLException {
        List<Settlement> settlements = new ArrayList<>();
        try (PreparedStatement statement = transaction.prepareStatement(LIST)) {
            statement.setLong(1, user.value());
            statement.setLong(2, subaccount.value());
            statement.setLong(3, sequence);
            statement.setInt(4, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    settlements.add(settlement(user, subaccount, row));
                }
            }
        }
        return settlements;
    }

    private static Settlement settlement(UserId user, SubaccountId subaccount, ResultSet row)
            throws SQLException {
        long transfer = row.getLong(10);
        if (!row.wasNull()) {
            return new TransferSettled(
                    user,
                    subaccount,
                    row.getLong(1),
                    new OrderId(transfer),
                    new SubaccountId(row.getLong(11)),
                    new Usd(row.getLong(12)),
                    row.getLong(9));
        }
        long withdrawal = row.getLong(13);
        if (!row.wasNull()) {
            return new WithdrawalReserved(
                    user,
                    subaccount,
                    row.getLong(1),
                    new WithdrawalId(withdrawal),
                    new Usd(row.getLong(14)).negated(),
                    row.getLong(9));
        }
        long adjustment = row.getLong(15);
        if (!row.wasNull()) {
            return new DebitTaken(
                    user,
                    subaccount,
                    row.getLong(1),
                    new AdjustmentId(adjustment),
                    new Usd(row.getLong(16)).negated(),
                    row.getLong(9));
        }
        return new TradesSettled(
                user,
                subaccount,
                new MarketId(row.getInt(2)),
                row.getLong(1),
                new TradeId(row.getLong(3)),
                new TradeId(row.getLong(4)),
                row.getInt(5),
                new Usd(row.getLong(6)),
                new Usd(row.getLong(7)),
                new Usd(row.getLong(8)),
                row.getLong(9));
    }
}
