package io.perpetua.accounts;

import static io.perpetua.accounts.RiskSide.await;
import static io.perpetua.accounts.RiskSide.awaitBalancedBooks;
import static io.perpetua.accounts.RiskSide.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.accounts.RiskSide.Numbered;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Cursor;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SettlementIT {
    private static final MarketId BTC = new MarketId(1);
    private static final MarketId ETH = new MarketId(2);

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    private RiskSide risk() {
        return new RiskSide(bootstrapServers);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2_932_897, 2_000_000_000_001L, 999_999_999_999_999L, Long.MAX_VALUE})
    void shouldRefuseACursorOfAnotherListWhenDaysAreListed(long id) {
        TestWallet.generate()
                .signIn()
                .request()
                .queryParam("cursor", new Cursor(0, id).toString())
                .get("/v1/users/me/statistics/days")
                .then()
                .statusCode(400)
                .body("code", equalTo("CURSOR_INVALID"))
                .body("field", equalTo("cursor"));
    }

    @Test
    void shouldPostEachSettlementOnceWhateverIsSentTwiceOrTooEarly() throws Exception {
        TestUser user = TestWallet.generate().signIn();
        TestUser other = TestWallet.generate().signIn();
        user.faucet(user.subaccount(), "1000", "start").then().statusCode(201);
        List<Numbered> events = new ArrayList<>();
        events.add(numbered(settled(user, BTC, 1, "0", "0.5", 11, 12)));
        events.add(numbered(settled(user, BTC, 2, "25.25", "1.25", 13, 13)));
        events.add(numbered(settled(user, ETH, 3, "-100", "-0.05", 14, 20)));
        Numbered others = numbered(settled(other, ETH, 1, "-7", "0", 21, 21));

        risk().send(events.get(0), events.get(0), events.get(2), others);
        risk().send(
                        events.get(1),
                        events.get(1),
                        events.get(0),
                        events.get(2),
                        others,
                        events.get(2));

        awaitSettled(user, 3);
        awaitSettled(other, 1);
        user.request()
                .get("/v1/balances")
                .then()
                .body("items[0].balance", equalTo("923.55"))
                .body("items[0].creditSequence", equalTo(1))
                .body("items[0].settlementSequence", equalTo(3));
        other.request().get("/v1/balances").then().body("items[0].balance", equalTo("-7"));
        var statement =
                user.request()
                        .queryParam("subaccountId", user.subaccount())
                        .get("/v1/ledger/statement")
                        .then()
                        .statusCode(200)
                        .extract();
        assertThat(statement.<List<String>>path("items.kind"))
                .containsExactly("TRADES_SETTLED", "TRADES_SETTLED", "TRADES_SETTLED", "DEPOSIT");
        assertThat(statement.<List<String>>path("items.amount"))
                .containsExactly("-99.95", "24", "-0.5", "1000");
        assertThat(statement.<List<String>>path("items.balance"))
                .containsExactly("923.55", "1023.5", "999.5", "1000");
        assertThat(statement.<List<Integer>>path("items.sequence")).containsExactly(3, 2, 1, 1);
        assertThat(statement.<List<List<String>>>path("items.counterPostings.account"))
                .containsExactly(
                        List.of("clearing:2", "fees"),
                        List.of("clearing:1", "fees"),
                        List.of("fees"),
                        List.of("custody"));
        assertThat(statement.<List<List<String>>>path("items.counterPostings.amount"))
                .containsExactly(
                        List.of("100", "-0.05"),
                        List.of("-25.25", "1.25"),
                        List.of("0.5"),
                        List.of("-1000"));
        assertThat(statement.<String>path("items[0].marketId")).isEqualTo("2");
        assertThat(statement.<String>path("items[0].firstTradeId")).isEqualTo("14");
        assertThat(statement.<String>path("items[0].lastTradeId")).isEqualTo("20");
        user.request()
                .get("/v1/users/me/statistics")
                .then()
                .statusCode(200)
                .body("fills", equalTo(3))
                .body("volume", equalTo("1500"))
                .body("realisedPnl", equalTo("-74.75"))
                .body("fees", equalTo("1.7"));
        awaitBalancedBooks(user);
    }

    @Test
    void shouldKeepItsBooksWhenDepositsAndSettlementsMix() throws Exception {
        List<TestUser> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            users.add(TestWallet.generate().signIn());
        }
        for (int round = 1; round <= 20; round++) {
            for (TestUser user : users) {
                risk().send(numbered(settled(user, BTC, round, "1.5", "0.25", round, round)));
                user.faucet(user.subaccount(), "2", "r" + round).then().statusCode(201);
            }
        }

        for (TestUser user : users) {
            awaitSettled(user, 20);
            user.request().get("/v1/balances").then().body("items[0].balance", equalTo("65"));
            List<String> balances = new ArrayList<>();
            List<String> amounts = new ArrayList<>();
            String cursor = null;
            do {
                var request =
                        user.request()
                                .queryParam("subaccountId", user.subaccount())
                                .queryParam("limit", 7);
                var page =
                        (cursor == null ? request : request.queryParam("cursor", cursor))
                                .get("/v1/ledger/statement");
                balances.addAll(page.path("items.balance"));
                amounts.addAll(page.path("items.amount"));
                cursor = page.path("nextCursor");
            } while (cursor != null);
            assertThat(balances).hasSize(40);
            Usd running = Usd.ZERO;
            for (int i = balances.size() - 1; i >= 0; i--) {
                running = running.plus(Usd.parse(amounts.get(i)));
                assertThat(Usd.parse(balances.get(i))).isEqualTo(running);
            }
        }
        awaitBalancedBooks(users.getFirst());
    }

    @Test
    void shouldCountWhatIsTradedByDayWhenDaysCome() throws Exception {
        TestUser user = TestWallet.generate().signIn();
        user.request()
                .get("/v1/users/me/statistics")
                .then()
                .body("days", equalTo(0))
                .body("firstDay", equalTo(null))
                .body("volume", equalTo("0"));
        long noon = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
        List<Numbered> events = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            TradesSettled settled = settled(user, BTC, i + 1, "1", "0.25", i + 1, i + 1);
            events.add(numbered(at(settled, noon + i * 8L * 3_600_000)));
        }

        risk().send(events.toArray(Numbered[]::new));
        awaitSettled(user, 10);

        user.request()
                .get("/v1/users/me/statistics")
                .then()
                .body("days", equalTo(4))
                .body("firstDay", equalTo("2026-03-01"))
                .body("lastDay", equalTo("2026-03-04"))
                .body("fills", equalTo(10))
                .body("volume", equalTo("5000"))
                .body("realisedPnl", equalTo("10"))
                .body("fees", equalTo("2.5"));
        var newest =
                user.request().queryParam("limit", 3).get("/v1/users/me/statistics/days").then();
        newest.body("items.day", contains("2026-03-04", "2026-03-03", "2026-03-02"))
                .body("items.fills", contains(2, 3, 3))
                .body("items[1].volume", equalTo("1500"));
        user.request()
                .queryParam("cursor", newest.extract().<String>path("nextCursor"))
                .get("/v1/users/me/statistics/days")
                .then()
                .body("items.day", contains("2026-03-01"))
                .body("items[0].fees", equalTo("0.5"))
                .body("nextCursor", equalTo(null));
        TestUser other = TestWallet.generate().signIn();
        other.request()
                .get("/v1/users/me/statistics/days")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(0));
    }

    private static TradesSettled at(TradesSettled settled, long atMillis) {
        return new TradesSettled(
                settled.user(),
                settled.subaccount(),
                settled.market(),
                settled.sequence(),
                settled.firstTrade(),
                settled.lastTrade(),
                settled.fills(),
                settled.notional(),
                settled.realised(),
                settled.fee(),
                atMillis);
    }

    @Test
    void shouldPublishWhatHappenedToAUserOnceAndInOrder() {
        TestUser user = TestWallet.generate().signIn();
        String subaccount = user.subaccount();
        user.faucet(subaccount, "10", "a").then().statusCode(201);
        user.faucet(subaccount, "10", "a").then().statusCode(200);
        user.faucet(subaccount, "11", "a").then().statusCode(409);
        String second =
                user.request().body("{}").post("/v1/subaccounts").then().extract().path("id");
        user.faucet(second, "20", "b").then().statusCode(201);
        user.faucet(subaccount, "30.000001", "c").then().statusCode(201);

        List<UserEvent> events = risk().userEvents(user, 5);

        assertThat(events).hasSize(5);
        assertThat(events.get(0))
                .isInstanceOfSatisfying(
                        SubaccountOpened.class,
                        opened -> {
                            assertThat(opened.subaccount()).hasToString(subaccount);
                            assertThat(opened.number()).isZero();
                            assertThat(opened.address()).matches("0x[0-9a-f]{40}");
                        });
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        CollateralCredited.class,
                        credited -> {
                            assertThat(credited.amount()).isEqualTo(Usd.parse("10"));
                            assertThat(credited.asset()).isEqualTo("USDC");
                            assertThat(credited.sequence()).isEqualTo(1);
                            assertThat(credited.ledgerTransaction())
                                    .isEqualTo(subaccount + "-USDC-1");
                        });
        assertThat(events.get(2)).isInstanceOf(SubaccountOpened.class);
        assertThat(((CollateralCredited) events.get(3)).sequence()).isEqualTo(1);
        assertThat(((CollateralCredited) events.get(4)).sequence()).isEqualTo(2);
        assertThat(((CollateralCredited) events.get(4)).amount()).isEqualTo(Usd.parse("30.000001"));
    }

    private static TradesSettled settled(
            TestUser user,
            MarketId market,
            long sequence,
            String realised,
            String fee,
            long firstTrade,
            long lastTrade) {
        return new TradesSettled(
                new UserId(user.id()),
                SubaccountId.parse(user.subaccount()),
                market,
                sequence,
                new TradeId(firstTrade),
                new TradeId(lastTrade),
                1,
                Usd.parse("500"),
                Usd.parse(realised),
                Usd.parse(fee),
                System.currentTimeMillis());
    }

    private static void awaitSettled(TestUser user, int sequence) {
        await(
                () ->
                        Integer.valueOf(sequence)
                                .equals(
                                        user.request()
                                                .get("/v1/balances")
                                                .path("items[0].settlementSequence")),
                "settlement " + sequence);
    }
}
