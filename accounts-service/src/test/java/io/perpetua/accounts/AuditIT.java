package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.AuditHeadWatch;
import io.perpetua.accounts.app.AuditTrail;
import io.perpetua.accounts.app.VerifyAuditTrailHandler;
import io.perpetua.accounts.app.VerifyAuditTrailHandler.Anchor;
import io.perpetua.accounts.app.VerifyAuditTrailHandler.Verification;
import io.perpetua.accounts.app.VerifyAuditTrailHandler.VerifyAuditTrail;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditChain.Break;
import io.perpetua.accounts.domain.audit.AuditChain.Flaw;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.persistence.AuditStore;
import io.perpetua.edge.UserTransactions;
import io.perpetua.edge.system.SystemEvents;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit log against those who would rewrite it, the database's superuser included. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AuditIT {
    private static final long ADMIN = 1;
    private static final int ENTRIES = 6;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject AuditTrail trail;
    @Inject AuditStore store;
    @Inject UserTransactions users;
    @Inject AccountsConfig config;
    @Inject SystemEvents events;
    @Inject AdminTransactions transactions;
    @Inject VerifyAuditTrailHandler verifier;

    private AuditHeadWatch watch;
    private long first;
    private long last;

    @BeforeEach
    void writeEntriesAndKeepThem() throws SQLException {
        // The service's own may look at any time, and at what another test has done.
        watch = new AuditHeadWatch(store, users, config, events);
        first = append("subject:first");
        for (int i = 1; i < ENTRIES - 1; i++) {
            append("subject:" + i);
        }
        last = append("subject:last");
        asSuperuser(
                "create table kept_entry as select * from audit_entry",
                "create table kept_head as select * from audit_head");
    }

    @AfterEach
    void putBackWhatWasTamperedWith() throws SQLException {
        tamper(
                "delete from audit_entry",
                "insert into audit_entry select * from kept_entry",
                "delete from audit_head",
                "insert into audit_head select * from kept_head");
        asSuperuser("drop table kept_entry, kept_head");
        assertThat(verify(null).firstBreak()).isEmpty();
    }

    @Test
    void shouldNumberWithoutGapsWhenTransactionsRollBack() {
        assertThatThrownBy(
                        () ->
                                transactions.call(
                                        ADMIN,
                                        tx -> {
                                            trail.append(tx, entry("subject:undone"));
                                            throw new IllegalStateException("the work failed");
                                        }))
                .hasMessage("the work failed");

        assertThat(append("subject:next")).isEqualTo(last + 1);
        assertThat(verify(null).firstBreak()).isEmpty();
        assertThat(verify(null).verified()).isEqualTo(last + 1);
    }

    @Test
    void shouldMakeOneChainWhenManyWriteAtOnce() throws Exception {
        long writers = 8;
        long each = 20;
        List<Long> numbers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool((int) writers)) {
            List<Future<List<Long>>> written = new ArrayList<>();
            for (long writer = 0; writer < writers; writer++) {
                String subject = "writer:" + writer;
                written.add(
                        threads.submit(
                                () -> {
                                    List<Long> own = new ArrayList<>();
                                    for (int i = 0; i < each; i++) {
                                        own.add(append(subject));
                                    }
                                    return own;
                                }));
            }
            for (Future<List<Long>> own : written) {
                assertThat(own.get()).isSorted();
                numbers.addAll(own.get());
            }
        }

        assertThat(numbers).doesNotHaveDuplicates().hasSize((int) (writers * each));
        assertThat(verify(null).firstBreak()).isEmpty();
        assertThat(verify(null).verified()).isEqualTo(last + writers * each);
        asSuperuser(
                "drop table kept_entry, kept_head",
                "create table kept_entry as select * from audit_entry",
                "create table kept_head as select * from audit_head");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "number = number + 1000000    | ENTRY_MISSING",
                "at = at + '1 microsecond'    | CONTENT_CHANGED",
                "actor_kind = 'SERVICE'       | CONTENT_CHANGED",
                "actor_id = '2'               | CONTENT_CHANGED",
                "action = 'ADMIN_CHANGED'     | CONTENT_CHANGED",
                "subject = 'subject:other'    | CONTENT_CHANGED",
                "state_before = '{}'          | CONTENT_CHANGED",
                "state_before = '{\"a\": 1}'  | CONTENT_CHANGED",
                "state_after = '{\"a\":2}'    | CONTENT_CHANGED",
                "state_after = state_before   | CONTENT_CHANGED",
                "client_address = null        | CONTENT_CHANGED",
                "user_agent = ''              | CONTENT_CHANGED",
                "client_address = user_agent, user_agent = client_address | CONTENT_CHANGED",
                "previous_hash = sha256('x')  | CONTENT_CHANGED",
                "hash = sha256('x')           | CONTENT_CHANGED",
            })
    void shouldFindTheEntryWhenAColumnWasChanged(String change, Flaw flaw) throws SQLException {
        long victim = first + 2;

        tamper("update audit_entry set " + change + " where number = " + victim);

        assertThat(verify(null).firstBreak()).contains(new Break(victim, flaw));
        assertThat(verify(null).verified()).isEqualTo(victim - 1);
    }

    @Test
    void shouldFindTheNextEntryWhenAnEntryWasChangedAndHashedAnew() throws SQLException {
        long victim = first + 2;

        tamper(
                "update audit_entry set subject = 'subject:other' where number = " + victim,
                "update audit_entry e set hash = audit_hash(e) where number = " + victim);

        assertThat(verify(null).firstBreak())
                .contains(new Break(victim + 1, Flaw.PREDECESSOR_CHANGED));
    }

    @Test
    void shouldFindTheGapWhenAnEntryWasTakenOut() throws SQLException {
        long victim = first + 1;
        tamper("delete from audit_entry where number = " + victim);
        assertThat(verify(null).firstBreak()).contains(new Break(victim, Flaw.ENTRY_MISSING));

        tamper(
                "update audit_entry set number = -number where number > " + victim,
                "update audit_entry set number = -number - 1 where number < 0");
        assertThat(verify(null).firstBreak()).contains(new Break(victim, Flaw.CONTENT_CHANGED));
    }

    @Test
    void shouldFindBothWhenTwoEntriesWereSwapped() throws SQLException {
        tamper(
                "update audit_entry set number = -1 where number = " + (first + 1),
                "update audit_entry set number = %d where number = %d"
                        .formatted(first + 1, first + 3),
                "update audit_entry set number = %d where number = -1".formatted(first + 3));

        assertThat(verify(null).firstBreak()).contains(new Break(first + 1, Flaw.CONTENT_CHANGED));
    }

    @Test
    void shouldFindTheEndMissingWhenTheHeadTellsOfIt() throws SQLException {
        tamper("delete from audit_entry where number >= " + (last - 1));

        assertThat(verify(null).firstBreak()).contains(new Break(last - 1, Flaw.END_MISSING));
    }

    @Test
    void shouldFindTheEndMissingByAnEarlierLookWhenTheHeadWasCutBackToo() throws SQLException {
        Verification before = verify(null);
        Anchor seen = new Anchor(before.verified(), before.hash());
        assertThat(watch.look()).isTrue();

        cutBackTo(last - 2);

        assertThat(verify(seen).firstBreak()).contains(new Break(last - 1, Flaw.END_MISSING));
        assertThat(watch.look()).isFalse();
    }

    @Test
    void shouldFindTheEndChangedByAnEarlierLookWhenItWasWrittenAnew() throws SQLException {
        Verification before = verify(null);
        Anchor seen = new Anchor(before.verified(), before.hash());
        assertThat(watch.look()).isTrue();

        cutBackTo(last - 1);
        append("subject:invented");

        assertThat(verify(null).firstBreak()).isEmpty();
        assertThat(verify(seen).firstBreak()).contains(new Break(last, Flaw.END_CHANGED));
        assertThat(watch.look()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entry set action = 'NOTHING'",
                "delete from audit_entry",
                "truncate audit_entry",
                "update audit_head set number = 0",
                "update audit_head set number = number + 1, hash = sha256('x')",
                "delete from audit_head",
                "truncate audit_head",
                "insert into audit_entry select number + 1000, at, actor_kind, actor_id, action,"
                        + " subject, state_before, state_after, client_address, user_agent,"
                        + " previous_hash, hash from audit_entry",
            })
    void shouldRefuseEveryRoleOfTheServiceToRewrite(String attack) throws SQLException {
        for (String role : List.of("accounts_api", "accounts_shard", "accounts_admin")) {
            assertThatThrownBy(() -> run(role, "1", attack))
                    .as(role)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
        if (!attack.startsWith("insert")) {
            assertThatThrownBy(() -> run("accounts_owner", "1", attack))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("never changed");
            assertThatThrownBy(
                            () ->
                                    run(
                                            "postgres",
                                            "1",
                                            "set session_replication_role = replica",
                                            attack))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("never changed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "accounts_api, ADMIN, 1",
        "accounts_shard, ADMIN, 1",
        "accounts_admin, ADMIN, 2",
        "accounts_api, USER, 7",
    })
    void shouldRefuseAnEntryInTheNameOfSomebodyElse(String role, String kind, String id) {
        assertThatThrownBy(
                        () ->
                                run(
                                        role,
                                        "1",
                                        "select append_audit(now(), '%s', '%s', 'ADMIN_MADE',"
                                                        .formatted(kind, id)
                                                + " 'admin:9', null, null, null, null)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("does not act for");
    }

    @ParameterizedTest
    @CsvSource({
        "accounts_shard, ADMIN, ADMIN_MADE, no other service reports",
        "accounts_shard, USER, MARKET_CHANGED, no other service reports",
        "accounts_shard, USER, MARKET_FUNDING_SET, no other service reports",
        "accounts_shard, USER, MARKET_IMPORT_ADDED, no other service reports",
        "accounts_api, ADMIN, MARKET_CHANGED, permission denied",
        "accounts_admin, ADMIN, MARKET_CHANGED, permission denied",
    })
    void shouldTakeAReportOfNothingButWhatOtherServicesReport(
            String role, String kind, String action, String refusal) {
        assertThatThrownBy(
                        () ->
                                run(
                                        role,
                                        "1",
                                        "select append_reported_audit(now(), '%s', '1', '%s',"
                                                        .formatted(kind, action)
                                                + " 'market:9', null, null, null, null)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(refusal);
        assertThatThrownBy(
                        () ->
                                run(
                                        role,
                                        "1",
                                        "select extend_audit(now(), '%s', '1', '%s',"
                                                        .formatted(kind, action)
                                                + " 'market:9', null, null, null, null)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void shouldShowEntriesToNobodyButAdministrators() throws SQLException {
        String sql = "select number from audit_entry";
        assertThatThrownBy(() -> run("accounts_api", "1", sql))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> run("accounts_shard", "1", sql))
                .hasMessageContaining("permission denied");
        assertThat(run("accounts_admin", "", sql)).isZero();
        assertThat(run("accounts_admin", "1", sql)).isEqualTo(last);
    }

    private void cutBackTo(long number) throws SQLException {
        tamper(
                "delete from audit_entry where number > " + number,
                "update audit_head set number = %d, hash = (select hash from audit_entry"
                                .formatted(number)
                        + " where number = %d)".formatted(number));
    }

    private Verification verify(@Nullable Anchor known) {
        return verifier.handle(new VerifyAuditTrail(ADMIN, known));
    }

    private long append(String subject) {
        return transactions.call(ADMIN, tx -> trail.append(tx, entry(subject)));
    }

    private static AuditEntry entry(String subject) {
        return new AuditEntry(
                AuditActor.admin(ADMIN),
                AuditAction.ADMIN_MADE,
                subject,
                CanonicalJson.of(Map.of("a", 1)),
                CanonicalJson.of(Map.of("a", "é\u0000")),
                new AuditOrigin("192.0.2.1", "a browser\u0000"));
    }

    /** With every guard down, as only the superuser can. */
    private void tamper(String... statements) throws SQLException {
        List<String> all = new ArrayList<>();
        all.add("alter table audit_entry disable trigger user");
        all.add("alter table audit_head disable trigger user");
        all.add("alter table audit_entry drop constraint audit_entry_number_is_positive");
        all.addAll(List.of(statements));
        all.add("alter table audit_entry enable always trigger audit_entry_is_never_changed");
        all.add("alter table audit_entry enable always trigger audit_entry_is_never_emptied");
        all.add("alter table audit_head enable always trigger audit_head_only_moves_on");
        all.add("alter table audit_head enable always trigger audit_head_is_never_emptied");
        all.add(
                "alter table audit_entry add constraint audit_entry_number_is_positive"
                        + " check (number > 0)");
        asSuperuser(all.toArray(String[]::new));
    }

    private void asSuperuser(String... statements) throws SQLException {
        run("postgres", "", statements);
    }

    /** Runs the statements in one transaction. @return the rows of the last one */
    private long run(String role, String admin, String... statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", role, password);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select set_config('perpetua.admin_id', '" + admin + "', true)");
            long rows = 0;
            for (String sql : statements) {
                rows = 0;
                if (statement.execute(sql)) {
                    try (ResultSet result = statement.getResultSet()) {
                        while (result.next()) {
                            rows++;
                        }
                    }
                }
            }
            connection.commit();
            return rows;
        }
    }
}
