package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks the rows of one user in SQL, with the rights of the service's HTTP side. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class RlsIT {
    private static final List<String> USER_TABLES =
            List.of(
                    "app_user",
                    "wallet",
                    "subaccount",
                    "customer_account",
                    "ledger_transaction",
                    "deposit",
                    "user_day",
                    "user_day_valuation",
                    "user_profile",
                    "user_closing",
                    "sign_in",
                    "agent",
                    "withdrawal_address",
                    "withdrawal",
                    "asset_transfer",
                    "vault_secret",
                    "hypercore_subaccount",
                    "exchange_key",
                    "fund");

    private static final String AGENT =
            "insert into agent (address, user_id, label, scopes, networks, registered_at,"
                    + " expires_at) values ('ADDRESS', USER, 'Bot', '{READ}', '{}', now(),"
                    + " now() + interval '1 day')";
    private static final String ASSET_TRANSFER =
            "insert into asset_transfer select nextval('asset_transfer_id_sequence'), USER,"
                    + " SUBACCOUNT, OTHERS, 'USDT', 1, 'x', now()";
    private static final List<String> ROWS_OF_THE_VICTIM =
            List.of(
                    "insert into fund (user_id, exchange, currency, free, locked, as_of)"
                            + " values (USER, 'paper', 'USD', 1, 0, now())",
                    "insert into user_day values (USER, '2026-01-01', 1, 1, 1, 1, 1)",
                    "insert into user_day_valuation values (USER, '2026-01-01', 5, '2026-01-01Z')",
                    "insert into user_closing (user_id, kind, state, state_before, kept_sign_in,"
                            + " asked_at, obstacles) values (USER, 'DELETION', 'REFUSED',"
                            + " 'ACTIVE', gen_random_uuid(), now(), '[]')",
                    "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                            + " amount_micros, address, client_withdrawal_id, state,"
                            + " requested_at) values (USER, USER, SUBACCOUNT, 'USDC', 1,"
                            + " '0x1111111111111111111111111111111111111111', 'x',"
                            + " 'REQUESTED', now())");

    /** Tables with a subaccount in them that name no user: closed to requests as a whole. */
    private static final List<String> CLOSED_TABLES =
            List.of(
                    "reconciliation_agreement",
                    "reconciliation_check",
                    "reconciliation_difference");

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    private TestUser attacker;
    private TestUser victim;

    @BeforeEach
    void makeUsers() throws SQLException {
        attacker = TestWallet.generate().signIn();
        victim = TestWallet.generate().signIn();
        attacker.faucet(attacker.subaccount(), "1", "r").then().statusCode(201);
        victim.faucet(victim.subaccount(), "1000", "r").then().statusCode(201);
        victim.request()
                .body(Map.of("label", "Mine", "address", TestWallet.generate().address()))
                .post("/v1/withdrawal-addresses")
                .then()
                .statusCode(201);
        attacker.keepSecrets();
        victim.keepSecrets();
        try (Connection owner = connect("accounts_owner")) {
            for (String row : List.of(AGENT, ASSET_TRANSFER)) {
                strings(owner, rowOf(row, attacker, victim));
                strings(owner, rowOf(row, victim, attacker));
            }
            for (String row : ROWS_OF_THE_VICTIM) {
                strings(owner, rowOf(row, victim, attacker));
            }
        }
    }

    private static String rowOf(String row, TestUser user, TestUser other) {
        return row.replace("ADDRESS", TestWallet.generate().address().toLowerCase(Locale.ROOT))
                .replace("OTHERS", other.subaccount())
                .replace("SUBACCOUNT", user.subaccount())
                .replace("USER", Long.toString(user.id()));
    }

    @Test
    void shouldGuardEveryTableThatNamesAUser() throws SQLException {
        try (Connection owner = connect("accounts_owner")) {
            assertThat(
                            strings(
                                    owner,
                                    "select c.relname from pg_class c"
                                            + " join pg_namespace n on n.oid = c.relnamespace"
                                            + " join pg_attribute a on a.attrelid = c.oid"
                                            + " where n.nspname = 'accounts' and c.relkind = 'r'"
                                            + " and a.attname = 'user_id'"
                                            + " and c.relrowsecurity and c.relforcerowsecurity"
                                            + " order by 1"))
                    .containsExactlyInAnyOrderElementsOf(USER_TABLES)
                    .containsExactlyElementsOf(
                            strings(
                                    owner,
                                    "select table_name::text from information_schema.columns"
                                            + " join information_schema.tables"
                                            + " using (table_schema, table_name)"
                                            + " where table_schema = 'accounts'"
                                            + " and column_name = 'user_id'"
                                            + " and table_type = 'BASE TABLE' order by 1"));
        }
    }

    @Test
    void shouldGuardEveryTableThatNamesASubaccount() throws SQLException {
        try (Connection owner = connect("accounts_owner")) {
            assertThat(
                            strings(
                                    owner,
                                    "select distinct c.relname::text from pg_class c"
                                            + " join pg_namespace n on n.oid = c.relnamespace"
                                            + " join pg_attribute a on a.attrelid = c.oid"
                                            + " where n.nspname = 'accounts' and c.relkind = 'r'"
                                            + " and a.attname like '%subaccount_id'"
                                            + " and not (c.relrowsecurity"
                                            + " and c.relforcerowsecurity)"))
                    .isEmpty();
            assertThat(
                            strings(
                                    owner,
                                    "select distinct c.table_name::text"
                                            + " from information_schema.columns c"
                                            + " join information_schema.tables t"
                                            + " using (table_schema, table_name)"
                                            + " where c.table_schema = 'accounts'"
                                            + " and t.table_type = 'BASE TABLE'"
                                            + " and c.column_name like '%subaccount_id'"))
                    .isSubsetOf(
                            Stream.concat(USER_TABLES.stream(), CLOSED_TABLES.stream()).toList());
        }
        try (Connection api = connectAs(attacker)) {
            for (String table : CLOSED_TABLES) {
                assertThatThrownBy(() -> strings(api, "select 1 from " + table))
                        .as(table)
                        .hasMessageContaining("permission denied");
                api.rollback();
            }
        }
    }

    /** Were there no row to be seen, a test that sees none would show nothing. */
    @Test
    void shouldShowOfEveryTableTheRowsOfTheOneWhoAsks() throws SQLException {
        try (Connection owner = connect("accounts_owner");
                Connection api = connectAs(attacker)) {
            for (String table : USER_TABLES) {
                assertThat(
                                strings(
                                        owner,
                                        "select user_id::text from %s where user_id = %d limit 1"
                                                .formatted(table, victim.id())))
                        .as("the victim has a row of " + table)
                        .hasSize(1);
                assertThat(strings(api, "select distinct user_id::text from " + table))
                        .as(table)
                        .isSubsetOf(Long.toString(attacker.id()));
            }
            for (String table :
                    List.of("asset_transfer", "exchange_key", "vault_secret", "agent")) {
                assertThat(strings(api, "select user_id::text from " + table))
                        .as(table)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void shouldShowNothingWhenTheTransactionNamesNobody() throws SQLException {
        try (Connection api = connect("accounts_api")) {
            for (String table : USER_TABLES) {
                assertThat(strings(api, "select 1::text from " + table)).as(table).isEmpty();
            }
            assertThat(strings(api, "select account from posting")).isEmpty();
            assertThat(strings(api, "select asset from user_portfolio")).isEmpty();
            assertThat(
                            strings(
                                    api,
                                    "update customer_account set balance_micros = 0"
                                            + " returning subaccount_id::text"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select balance_micros::text from customer_account where user_id = VICTIM",
                "select balance_micros::text from customer_account"
                        + " where (user_id = VICTIM or true) and user_id <> ME",
                "select amount_micros::text from ledger_transaction where amount_micros > 1000000",
                "select account from posting where account = 'customer:SUBACCOUNT'",
                "select balance_micros::text from user_portfolio where user_id = VICTIM",
                "select balance_micros::text from user_portfolio where user_id <> ME",
                "select unrealised_micros::text from user_day_valuation where user_id <> ME",
                "select address from subaccount where subaccount_id = SUBACCOUNT",
                "select reference from deposit where user_id <> ME",
                "select referral_code from user_profile where user_id <> ME",
                "update user_profile set email = 'x@y.zz' where user_id = VICTIM"
                        + " returning referral_code",
                "delete from user_profile where user_id = VICTIM returning referral_code",
                "select kind from user_closing where user_id <> ME",
                "update app_user set state = 'CLOSING' where user_id = VICTIM returning state",
                "select user_agent from sign_in where user_id <> ME",
                "select encode(refresh_hash, 'hex') from sign_in where user_id = VICTIM",
                "delete from sign_in where user_id = VICTIM returning sign_in_id::text",
                "delete from wallet where user_id = VICTIM returning address",
                "update sign_in set user_id = ME where user_id = VICTIM returning wallet",
                "select currency from fund where user_id <> ME",
                "delete from fund where user_id = VICTIM returning currency",
                "select address from agent where user_id <> ME",
                "update agent set removed_at = now() where user_id = VICTIM returning address",
                "select address from withdrawal_address where user_id <> ME",
                "delete from withdrawal_address where user_id = VICTIM returning address",
                "select address from withdrawal where user_id <> ME",
                "update withdrawal set state = 'RETURNED', return_reason = 'x'"
                        + " where user_id = VICTIM returning address",
                "select address from wallet where user_id <> ME",
                "select 'x' from app_user where user_id = ME and 1 = 2"
                        + " union all select user_id::text from app_user where user_id = VICTIM",
                "with victims as (select * from customer_account where user_id = VICTIM)"
                        + " select balance_micros::text from victims",
                "select (select sum(balance_micros)::text from customer_account"
                        + " where user_id = VICTIM) where exists"
                        + " (select from customer_account where user_id = VICTIM)",
                "select d.reference from ledger_transaction t join deposit d"
                        + " on d.subaccount_id = t.subaccount_id where t.user_id = VICTIM",
                "update customer_account set balance_micros = 0 where user_id = VICTIM"
                        + " returning balance_micros::text",
                "update customer_account set user_id = ME where user_id = VICTIM"
                        + " returning balance_micros::text",
                "insert into deposit (user_id, subaccount_id, asset, amount_micros, source,"
                        + " reference, transaction_number, credit_sequence, credited_at)"
                        + " select user_id, subaccount_id, 'USDC', 1, 'FAUCET', 'VICTIM:r', 9, 9,"
                        + " now() from customer_account where user_id = VICTIM"
                        + " on conflict (source, reference) do nothing returning reference",
            })
    void shouldReturnNoRowsOfOthersWhenTheQueryAsksForThem(String attack) throws SQLException {
        try (Connection api = connectAs(attacker)) {
            assertThat(strings(api, filled(attack))).isEmpty();
        }
        victimIsWell();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set role accounts_owner",
                "set role accounts_shard",
                "set session authorization accounts_owner",
                "set row_security = off; select count(*)::text from customer_account",
                "alter table customer_account disable row level security",
                "alter table customer_account no force row level security",
                "drop policy users_see_their_own on customer_account",
                "create policy mine on customer_account using (true)",
                "alter role accounts_api bypassrls",
                "create function accounts.leak() returns bigint language sql security definer"
                        + " as 'select sum(balance_micros) from customer_account'",
                "create view accounts.leak as select * from customer_account",
                "create or replace function accounts.current_user_id() returns bigint"
                        + " language sql as 'select VICTIM::bigint'",
                "create temp table mine as select * from customer_account",
                "grant accounts_owner to accounts_api",
                "truncate customer_account",
                "delete from customer_account",
                "delete from ledger_transaction",
                "update user_day_valuation set unrealised_micros = 5",
                "insert into user_day_valuation values (ME, '2026-01-01', 5, '2026-01-01Z')",
                "delete from user_day_valuation",
                "alter view user_portfolio reset (security_invoker)",
                "update ledger_transaction set amount_micros = 0",
                "update deposit set amount_micros = 5",
                "update withdrawal_address set usable_at = now() where user_id = ME",
                "update withdrawal set amount_micros = 5",
                "update withdrawal set address = '0x1111111111111111111111111111111111111111'",
                "delete from withdrawal",
                "insert into withdrawal_address (user_id, label, address, added_at, usable_at)"
                        + " values (VICTIM, 'x', '0x1111111111111111111111111111111111111111',"
                        + " now(), now())",
                "insert into withdrawal (withdrawal_id, user_id, subaccount_id, asset,"
                        + " amount_micros, address, client_withdrawal_id, state, requested_at)"
                        + " values (5, VICTIM, SUBACCOUNT, 'USDC', 1,"
                        + " '0x1111111111111111111111111111111111111111', 'x', 'REQUESTED',"
                        + " now())",
                "insert into fund (user_id, exchange, currency, free, locked, as_of)"
                        + " values (VICTIM, 'paper', 'USD', 1, 0, now())",
                "update fund set free = 5",
                "insert into withdrawal_gate values (2)",
                "insert into user_closing (user_id, kind, state, state_before, kept_sign_in,"
                        + " asked_at) values (VICTIM, 'DELETION', 'ASKED', 'ACTIVE',"
                        + " gen_random_uuid(), now())",
                "insert into user_closing (user_id, kind, state, state_before, kept_sign_in,"
                        + " asked_at) values (ME, 'DELETION', 'ASKED', 'ACTIVE',"
                        + " gen_random_uuid(), now());"
                        + " update user_closing set state = 'FROZEN', next_attempt_at = now()",
                "update user_profile set user_id = VICTIM",
                "update user_profile set referral_code = 'AAAAAAAAAA'",
                "update app_user set state = 'DELETED'",
                "update app_user set suspended_at = null",
                "update app_user set suspension_reason = null where user_id = ME",
                "select * from simulated_custody_transfer",
                "select * from reconciliation_difference",
                "select * from reconciliation_agreement",
                "insert into reconciliation_run (kind, started_at) values ('ON_DEMAND', now())",
                "update wallet set user_id = ME",
                "update subaccount set user_id = ME",
                "select * from shard",
                "insert into wallet (address, kind, user_id, linked_at) values"
                        + " ('0x1111111111111111111111111111111111111111', 'EVM', VICTIM, now())",
                "insert into sign_in (sign_in_id, user_id, wallet, created_at, refreshed_at,"
                        + " expires_at, access_until, refresh_hash) select gen_random_uuid(),"
                        + " VICTIM, address, now(), now(), now(), now(), sha256('x') from wallet",
                "insert into customer_account (subaccount_id, asset, user_id, shard)"
                        + " values (SUBACCOUNT, 'ETH', VICTIM, 0)",
                "update customer_account set user_id = VICTIM where user_id = ME",
                "insert into ledger_transaction (subaccount_id, asset, number, user_id, shard,"
                        + " kind, amount_micros, balance_after_micros, house_accounts,"
                        + " house_amounts_micros, source_sequence, occurred_at) values"
                        + " (SUBACCOUNT, 'USDC', 99, VICTIM, 0, 'DEPOSIT', 1, 1, '{custody}',"
                        + " '{-1}', 1, now())",
                "select set_config('perpetua.user_id', 'ME or true', false);"
                        + " select balance_micros::text from customer_account",
            })
    void shouldRefuseWhenTheStatementReachesBeyondTheRole(String attack) throws SQLException {
        try (Connection api = connectAs(attacker);
                Statement statement = api.createStatement()) {
            assertThatThrownBy(
                            () -> {
                                boolean rows = statement.execute(filled(attack));
                                while (rows || statement.getUpdateCount() != -1) {
                                    rows = statement.getMoreResults();
                                }
                            })
                    .isInstanceOf(SQLException.class);
        }
        victimIsWell();
    }

    @Test
    void shouldForgetTheUserWhenTheTransactionEnds() throws SQLException {
        try (Connection api = connectAs(attacker);
                PreparedStatement balances =
                        api.prepareStatement("select user_id from customer_account")) {
            assertThat(longs(balances)).containsExactly(attacker.id());
            api.commit();

            assertThat(longs(balances)).isEmpty();
            actAs(api, victim.id());
            assertThat(longs(balances)).containsExactly(victim.id());
            api.rollback();
            assertThat(longs(balances)).isEmpty();
        }
    }

    @Test
    void shouldShowOnlyTheWalletThatWasProven() throws SQLException {
        try (Connection api = connect("accounts_api")) {
            api.setAutoCommit(false);
            List<String> addresses = strings(connectAs(attacker), "select address from wallet");
            assertThat(addresses).hasSize(1);
            strings(
                    api,
                    "select set_config('perpetua.wallet_address', '"
                            + addresses.getFirst()
                            + "', true)");

            assertThat(strings(api, "select user_id::text from wallet"))
                    .containsExactly(Long.toString(attacker.id()));
            assertThat(strings(api, "select user_id::text from app_user")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5, '{custody}', '{-4}'",
                "5, '{custody}', '{}'",
                "5, '{}', '{}'",
                "0, '{custody,fees}', '{-5}'",
                "5, '{custody}', '[0:0]={-5}'",
                "0, '{custody}', '{{5}}'",
                "0, '{{custody}}', '{0}'",
                "0, '{custody,fees}', '{NULL,0}'",
                "0, '{NULL}', '{0}'",
                "0, '{a,b,c,d,e}', '{0,0,0,0,7}'",
                "9223372036854775807, '{custody}', '{1}'",
            })
    void shouldRefuseATransactionThatDoesNotSumToZero(String postings) throws SQLException {
        try (Connection api = connectAs(attacker);
                Statement statement = api.createStatement()) {
            String subaccount = attacker.subaccount();
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            "insert into ledger_transaction (subaccount_id, asset,"
                                                    + " number, user_id, shard, kind,"
                                                    + " amount_micros, house_accounts,"
                                                    + " house_amounts_micros,"
                                                    + " balance_after_micros, source_sequence,"
                                                    + " occurred_at) values ("
                                                    + subaccount
                                                    + ", 'USDC', 99, "
                                                    + attacker.id()
                                                    + ", 0, 'DEPOSIT', "
                                                    + postings
                                                    + ", 0, 1, now())"))
                    .isInstanceOf(SQLException.class)
                    .satisfies(
                            refusal ->
                                    assertThat(((SQLException) refusal).getSQLState())
                                            .isIn("23514", "22003"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_transaction set balance_after_micros = 0",
                "delete from ledger_transaction",
                "truncate ledger_transaction",
                "update deposit set reference = 'x'",
                "delete from deposit",
                "truncate deposit",
            })
    void shouldKeepEvenTheOwnerFromRewritingTheLedger(String attack) throws SQLException {
        try (Connection owner = connect("accounts_owner");
                Connection postgres = connect("postgres")) {
            assertThatThrownBy(() -> strings(owner, attack))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("never changed");
            strings(postgres, "set session_replication_role = replica");
            assertThatThrownBy(() -> strings(postgres, attack))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("never changed");
        }
        victimIsWell();
    }

    @Test
    void shouldKeepTheShardFromSecretsAndHistory() throws SQLException {
        try (Connection shard = connect("accounts_shard")) {
            assertThat(strings(shard, "select user_id::text from customer_account"))
                    .contains(Long.toString(victim.id()), Long.toString(attacker.id()));
            for (String attack :
                    List.of(
                            "select key_id from signing_key",
                            "select nonce from used_nonce",
                            "select refresh_hash::text from sign_in",
                            "select ciphertext from vault_secret",
                            "update ledger_transaction set amount_micros = 0",
                            "delete from ledger_transaction",
                            "delete from deposit",
                            "delete from withdrawal",
                            "insert into withdrawal_address select * from withdrawal_address",
                            "update withdrawal_address set usable_at = now()",
                            "delete from reconciliation_difference",
                            "delete from customer_account",
                            "truncate ledger_transaction",
                            "set role accounts_owner")) {
                assertThatThrownBy(() -> strings(shard, attack))
                        .as(attack)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void shouldStoreNoPrivateKeyInTheClear() throws SQLException {
        try (Connection owner = connect("accounts_owner");
                Statement statement = owner.createStatement();
                ResultSet rows =
                        statement.executeQuery("select sealed_private_key from signing_key")) {
            assertThat(rows.next()).isTrue();
            byte[] sealed = rows.getBytes(1);
            assertThatThrownBy(
                            () ->
                                    java.security.KeyFactory.getInstance("EC")
                                            .generatePrivate(
                                                    new java.security.spec.PKCS8EncodedKeySpec(
                                                            sealed)))
                    .isInstanceOf(java.security.GeneralSecurityException.class);
            assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                    .as("the object identifier of EC keys, as PKCS 8 has it")
                    .doesNotContain(
                            new String(
                                    new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1},
                                    StandardCharsets.ISO_8859_1));
        }
    }

    private void victimIsWell() {
        assertThat(victim.request().get("/v1/balances").<String>path("items[0].balance"))
                .isEqualTo("1000");
    }

    private String filled(String attack) {
        return attack.replace("VICTIM", Long.toString(victim.id()))
                .replace("SUBACCOUNT", victim.subaccount())
                .replace("ME", Long.toString(attacker.id()));
    }

    private Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(url + "?currentSchema=accounts", role, password);
    }

    private Connection connectAs(TestUser user) throws SQLException {
        Connection api = connect("accounts_api");
        api.setAutoCommit(false);
        actAs(api, user.id());
        return api;
    }

    private static void actAs(Connection api, long user) throws SQLException {
        strings(api, "select set_config('perpetua.user_id', '" + user + "', true)");
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> values = new java.util.ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        values.add(rows.getString(1));
                    }
                }
            }
        }
        return values;
    }

    private static List<Long> longs(PreparedStatement statement) throws SQLException {
        List<Long> values = new java.util.ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getLong(1));
            }
        }
        return values;
    }
}
