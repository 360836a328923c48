package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.AssetTransferId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * Transfers of assets other than USDC, each under an id that is the client's own in the subaccount
 * paid from.
 */
@ApplicationScoped
public class AssetTransferStore {
    /** A transfer as stored. */
    public record AssetTransferRow(
            AssetTransferId id,
            SubaccountId from,
            SubaccountId to,
            String asset,
            Usd amount,
            String clientTransferId,
            Instant transferredAt) {}

    /** The visible user's transfer from a subaccount under the client's id for it. */
    public Optional<AssetTransferRow> find(
            Connection connection, SubaccountId from, String clientTransferId) throws SQLException {
        String sql =
                "select * from asset_transfer"
                        + " where from_subaccount_id = ? and client_transfer_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, from.value());
            statement.setString(2, clientTransferId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Stores a transfer. */
    public void add(Connection connection, UserId user, AssetTransferRow transfer)
            throws SQLException {
        String sql =
                "insert into asset_transfer (transfer_id, user_id, from_subaccount_id,"
                        + " to_subaccount_id, asset, amount_micros, client_transfer_id,"
                        + " transferred_at) values (?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, transfer.id().value());
            statement.setLong(2, user.value());
            statement.setLong(3, transfer.from().value());
            statement.setLong(4, transfer.to().value());
            statement.setString(5, transfer.asset());
            statement.setLong(6, transfer.amount().micros());
            statement.setString(7, transfer.clientTransferId());
            statement.setObject(8, SqlTimes.of(transfer.transferredAt()));
            statement.executeUpdate();
        }
    }

    private static AssetTransferRow read(ResultSet row) throws SQLException {
        return new AssetTransferRow(
                new AssetTransferId(row.getLong("transfer_id")),
                new SubaccountId(row.getLong("from_subaccount_id")),
                new SubaccountId(row.getLong("to_subaccount_id")),
                row.getString("asset"),
                new Usd(row.getLong("amount_micros")),
                row.getString("client_transfer_id"),
                SqlTimes.read(row, "transferred_at"));
    }
}
