package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.accounts.domain.ledger.LedgerTransaction.TransactionKind;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerReads.StatementFilter;
import io.perpetua.accounts.persistence.LedgerReads.StatementRow;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.UserTransactions;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statement of an account with a long history, asked for by time. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class StatementIT {
    private static final int TRANSACTIONS = 6_000;
    private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject LedgerReads reads;
    @Inject UserTransactions transactions;

    private UserId user;
    private SubaccountId subaccount;

    /** A transaction a minute; some are posted hours after those that came later. */
    @BeforeEach
    void makeHistory() throws SQLException {
        TestUser made = TestWallet.generate().signIn();
        user = new UserId(made.id());
        subaccount = SubaccountId.parse(made.subaccount());
        owner(
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard,"
                        + " kind, amount_micros, balance_after_micros, house_accounts,"
                        + " house_amounts_micros, source_sequence, occurred_at)"
                        + " select %s, 'USDC', n, %s, 0,".formatted(subaccount, user)
                        + " case n % 50 when 0 then 'DEPOSIT' else 'TRADES_SETTLED' end, 0, 0,"
                        + " '{fees}', '{0}', n, timestamptz '%s'".formatted(BEGIN)
                        + " + n * interval '1 minute'"
                        + " - (n % 7 = 0)::int * interval '5 hours'"
                        + " from generate_series(1, %d) n".formatted(TRANSACTIONS));
    }

    @ParameterizedTest
    @CsvSource({
        "     ,      ,",
        " 3000,      ,",
        "     , 3000 ,",
        "  200,  260 ,",
        " 5900,  5950,",
        " 4990,  5010,",
        "  -10,  7000,",
        "  100,  5000, DEPOSIT",
        "     ,  400 , DEPOSIT",
        "  100,  5000, TRADES_SETTLED",
        " 9000,      ,",
        "     , -9000,",
    })
    void shouldShowWhatHappenedInATimeInTheOrderOfNumbers(
            @Nullable Long fromMinute, @Nullable Long toMinute, @Nullable TransactionKind kind)
            throws SQLException {
        // Given
        Instant from = fromMinute == null ? null : BEGIN.plusSeconds(60 * fromMinute);
        Instant to = toMinute == null ? null : BEGIN.plusSeconds(60 * toMinute);
        List<Long> expected =
                owner(
                        "select number from ledger_transaction where subaccount_id = "
                                + subaccount
                                + (from == null ? "" : " and occurred_at >= '" + from + "'")
                                + (to == null ? "" : " and occurred_at < '" + to + "'")
                                + (kind == null ? "" : " and kind = '" + kind + "'")
                                + " order by number desc");

        // When
        List<Long> shown = new ArrayList<>();
        Cursor after = null;
        List<StatementRow> part;
        do {
            part = statement(new StatementFilter(kind, from, to), new PageRequest(199, after));
            part.forEach(row -> shown.add(row.number()));
            after = part.isEmpty() ? null : new Cursor(0, part.getLast().number());
        } while (!part.isEmpty());

        // Then
        assertThat(shown).isEqualTo(expected);
    }

    @Test
    void shouldNotReadTheWholeHistoryWhenTheTimeIsBeforeOrAfterIt() {
        assertThat(rowsReadFor(BEGIN.plusSeconds(60 * 9_000), null)).isLessThan(TRANSACTIONS / 2);
        assertThat(rowsReadFor(null, BEGIN.minusSeconds(60 * 9_000))).isLessThan(TRANSACTIONS / 2);
        assertThat(rowsReadFor(null, BEGIN.plusSeconds(60 * 20))).isLessThan(TRANSACTIONS / 2);
    }

    private long rowsReadFor(@Nullable Instant from, @Nullable Instant to) {
        return transactions.call(
                user,
                tx -> {
                    long before = rowsRead(tx);
                    reads.statement(
                            tx,
                            subaccount,
                            "USDC",
                            new StatementFilter(null, from, to),
                            new PageRequest(50, null));
                    return rowsRead(tx) - before;
                });
    }

    /** By this connection, in transactions before it too if they were a moment ago. */
    private static long rowsRead(Connection connection) throws SQLException {
        return longs(
                        connection,
                        "select idx_tup_fetch + seq_tup_read from pg_stat_xact_user_tables"
                                + " where relname = 'ledger_transaction'")
                .getFirst();
    }

    private List<StatementRow> statement(StatementFilter filter, PageRequest page) {
        return transactions.call(user, tx -> reads.statement(tx, subaccount, "USDC", filter, page));
    }

    private List<Long> owner(String sql) throws SQLException {
        try (Connection owner =
                DriverManager.getConnection(
                        url + "?currentSchema=accounts", "accounts_owner", password)) {
            return longs(owner, sql);
        }
    }

    private static List<Long> longs(Connection connection, String sql) throws SQLException {
        List<Long> values = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        values.add(rows.getLong(1));
                    }
                }
            }
        }
        return values;
    }
}
