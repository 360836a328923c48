package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.app.TrialBalances;
import io.perpetua.accounts.app.TrialBalances.TrialBalance;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.edge.ProblemException;
import io.perpetua.edge.UserTransactions;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The trial balance when it takes long, and when it fails. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@Timeout(60)
class TrialBalanceIT {
    @Inject UserTransactions transactions;
    @Inject LedgerReads reads;

    @ConfigProperty(name = "quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout")
    int socketTimeoutSeconds;

    private final HandClock clock = new HandClock();

    /** Adds up nothing, for as long as the test wants. */
    private static final class SlowLedger extends LedgerReads {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private final AtomicInteger sums = new AtomicInteger();
        private volatile boolean fails;

        @Override
        public List<TrialRow> trialBalance(Connection connection) throws SQLException {
            sums.incrementAndGet();
            begun.countDown();
            if (fails) {
                throw new SQLException("canceling statement due to statement timeout", "57014");
            }
            try {
                assertThat(end.await(50, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return List.of();
        }
    }

    @Test
    void shouldMakeNobodyWaitForAnothersSum() throws Exception {
        SlowLedger ledger = new SlowLedger();
        TrialBalances balances = new TrialBalances(ledger, transactions, clock);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<TrialBalance> first = threads.submit(balances::current);
            ledger.begun.await();
            isPending(balances);
            isPending(balances);
            assertThat(ledger.sums).hasValue(1);

            ledger.end.countDown();
            TrialBalance added = first.get();
            assertThat(balances.current()).isEqualTo(added);
        }
    }

    @Test
    void shouldShowTheLastResultWhileTheNextIsAddedUpAndAfterItFailed() {
        SlowLedger ledger = new SlowLedger();
        ledger.end.countDown();
        TrialBalances balances = new TrialBalances(ledger, transactions, clock);
        TrialBalance first = balances.current();

        clock.move(Duration.ofHours(1));
        ledger.fails = true;
        assertThatThrownBy(balances::current).hasStackTraceContaining("statement timeout");

        assertThat(balances.current()).isEqualTo(first);
        assertThat(ledger.sums).hasValue(2);
        clock.move(Duration.ofSeconds(11));
        ledger.fails = false;
        assertThat(balances.current().asOf()).isAfter(first.asOf());
    }

    @Test
    void shouldNotRepeatAFailureForSomeSeconds() {
        SlowLedger ledger = new SlowLedger();
        ledger.fails = true;
        TrialBalances balances = new TrialBalances(ledger, transactions, clock);

        assertThatThrownBy(balances::current).hasStackTraceContaining("statement timeout");
        isPending(balances);
        isPending(balances);

        assertThat(ledger.sums).hasValue(1);
    }

    @Test
    void shouldAddUpAnewWhenTheClockWasSetBack() {
        SlowLedger ledger = new SlowLedger();
        ledger.end.countDown();
        TrialBalances balances = new TrialBalances(ledger, transactions, clock);
        TrialBalance first = balances.current();

        clock.move(Duration.ofHours(-1));

        assertThat(balances.current().asOf()).isBefore(first.asOf());
        assertThat(balances.current().asOf()).isBefore(first.asOf());
        assertThat(ledger.sums).hasValue(2);
    }

    @Test
    void shouldEndTheStatementBeforeThePoolGivesItsConnectionUp() {
        String timeout =
                transactions.callPublic(
                        tx -> {
                            var _ = reads.trialBalance(tx);
                            try (Statement statement = tx.createStatement();
                                    ResultSet row =
                                            statement.executeQuery("show statement_timeout")) {
                                row.next();
                                return row.getString(1);
                            }
                        });

        assertThat(Duration.parse("PT" + timeout))
                .isLessThan(Duration.ofSeconds(socketTimeoutSeconds));
    }

    private static void isPending(TrialBalances balances) {
        assertThatThrownBy(balances::current)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        pending -> {
                            assertThat(pending.problem().status()).isEqualTo(503);
                            assertThat(pending.problem().code()).isEqualTo("TRIAL_BALANCE_PENDING");
                        });
    }
}
