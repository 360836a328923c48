package io.perpetua.risk.persistence;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads sums over all users, through functions that run with the owner's rights and give nothing
 * but sums. Within a transaction that sees one snapshot they agree with each other.
 */
public final class TotalsReader {
    /**
     * A market's sums over all accounts.
     *
     * @param volume in base units, each trade counted for both of its sides
     */
    public record MarketRow(
            MarketId market,
            Quantity longSize,
            Quantity shortSize,
            Usd cost,
            long fills,
            BigDecimal volume,
            Usd realised,
            Usd fees) {}

    /** Sums over all accounts. */
    public record AccountsRow(
            long accounts, BigDecimal collateral, long settlements, long credits) {}

    private TotalsReader() {}

    /** By market, in the order of their ids. */
    public static List<MarketRow> markets(Connection transaction) throws SQLException {
        List<MarketRow> rows = new ArrayList<>();
        try (PreparedStatement statement =
                        transaction.prepareStatement(
                                "select market_id, long_e8, short_e8, cost_micros, fills,"
                                        + " volume_e8, realised_micros, fees_micros"
                                        + " from totals_by_market()");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(
                        new MarketRow(
                                new MarketId(row.getInt(1)),
                                new Quantity(row.getLong(2)),
                                new Quantity(row.getLong(3)),
                                new Usd(row.getLong(4)),
                                row.getLong(5),
                                row.getBigDecimal(6).movePointLeft(Quantity.SCALE),
                                new Usd(row.getLong(7)),
                                new Usd(row.getLong(8))));
            }
        }
        return rows;
    }

    /** Over all accounts. */
    public static AccountsRow accounts(Connection transaction) throws SQLException {
        try (PreparedStatement statement =
                        transaction.prepareStatement(
                                "select accounts, collateral_micros, settlements, credits"
                                        + " from totals_of_accounts()");
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("sums without a row");
            }
            return new AccountsRow(
                    row.getLong(1),
                    row.getBigDecimal(2).movePointLeft(Usd.SCALE),
                    row.getLong(3),
                    row.getLong(4));
        }
    }
}
