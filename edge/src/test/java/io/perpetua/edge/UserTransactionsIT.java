package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.contracts.value.UserId;
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
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class UserTransactionsIT {
    private static final UserId ALICE = new UserId(1);
    private static final UserId BOB = new UserId(2);

    @Inject UserTransactions transactions;

    @BeforeEach
    void createTable() throws SQLException {
        String url =
                ConfigProvider.getConfig().getValue("perpetua.database.url", String.class)
                        + "?user=accounts_owner&currentSchema=accounts&password="
                        + ConfigProvider.getConfig()
                                .getValue("perpetua.database.password", String.class);
        try (Connection owner = DriverManager.getConnection(url);
                Statement statement = owner.createStatement()) {
            statement.execute(
                    """
                    drop table if exists note;
                    create table note (user_id bigint not null, text text not null);
                    alter table note enable row level security;
                    alter table note force row level security;
                    create policy own_rows on note to accounts_api using (user_id =
                        nullif(current_setting('perpetua.user_id', true), '')::bigint);
                    create policy all_rows on note to accounts_owner using (true);
                    grant select, insert, update, delete on note to accounts_api;
                    insert into note values (1, 'of alice'), (2, 'of bob');
                    """);
        }
    }

    private static List<String> notes(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select text from note order by text")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    void shouldSeeOwnRowsOnlyWhenCalledForAUser() {
        assertThat(transactions.call(ALICE, UserTransactionsIT::notes)).containsExactly("of alice");
        assertThat(transactions.call(BOB, UserTransactionsIT::notes)).containsExactly("of bob");
    }

    @Test
    void shouldSeeNothingWhenCalledForNobodyOnASessionThatServedAUser() {
        transactions.call(ALICE, UserTransactionsIT::notes);

        for (int i = 0; i < 20; i++) {
            assertThat(transactions.callPublic(UserTransactionsIT::notes)).isEmpty();
        }
    }

    @Test
    void shouldRefuseToWriteWhenTheRowIsAnothersRow() {
        assertThatThrownBy(
                        () ->
                                transactions.call(
                                        ALICE,
                                        connection ->
                                                execute(
                                                        connection,
                                                        "insert into note values (2, 'forged')")))
                .rootCause()
                .hasMessageContaining("row-level security");
        assertThat(
                        transactions.<Integer>call(
                                ALICE,
                                connection ->
                                        execute(
                                                connection,
                                                "update note set text = 'x'"
                                                        + " where user_id = 2")))
                .isZero();
    }

    @Test
    void shouldKeepNothingWhenTheWorkFails() {
        assertThatThrownBy(
                        () ->
                                transactions.call(
                                        ALICE,
                                        connection -> {
                                            execute(
                                                    connection,
                                                    "insert into note values (1, 'lost')");
                                            throw Problem.conflict("CHANGED", "no").exception();
                                        }))
                .isInstanceOf(ProblemException.class);

        assertThat(transactions.call(ALICE, UserTransactionsIT::notes)).containsExactly("of alice");
    }

    @Test
    void shouldAskToRepeatWhenTheSessionEndsBeforeTheCommit() {
        given().get("/v1/samples/cut")
                .then()
                .statusCode(503)
                .body("code", equalTo("STORAGE_UNAVAILABLE"));
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
