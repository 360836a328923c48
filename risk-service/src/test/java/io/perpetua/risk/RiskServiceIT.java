package io.perpetua.risk;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.price;
import static io.perpetua.risk.domain.Fixtures.size;
import static io.perpetua.risk.domain.Fixtures.usd;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.risk.messaging.Wire;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole service with real PostgreSQL and Kafka, over HTTP. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
class RiskServiceIT {
    private static final AtomicLong USERS = new AtomicLong(90_000);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final UserId user = new UserId(USERS.incrementAndGet());
    private final SubaccountId subaccount = new SubaccountId(user.value() * 10);
    private Wire wire;

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    @BeforeEach
    void openAccount() {
        wire = new Wire(bootstrapServers, "http-test-" + user);
        wire.listBtcAt(price("110"));
        wire.send(new SubaccountOpened(user, subaccount, 0, "0x" + "0".repeat(40), 1));
        wire.send(new CollateralCredited(user, subaccount, "USDC", usd("1000"), "t1", 1, 1));
        // Nothing is filled before the account is known: no order of it could have been admitted.
        await("/v1/accounts/" + subaccount, "creditSequence", 1);
        wire.send(user, fill());
        await("/v1/accounts/" + subaccount, "settlementSequence", 1);
        await("/v1/leverage?subaccountId=" + subaccount, "items.size()", 1);
        await("/v1/accounts/" + subaccount, "valuation", "LIVE");
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private OrderFilled fill() {
        return new OrderFilled(
                new TradeId(user.value()),
                new OrderId(user.value()),
                user,
                subaccount,
                BTC,
                null,
                Side.BUY,
                Liquidity.TAKER,
                price("100"),
                size("10"),
                usd("1000"),
                usd("5"),
                usd("0"),
                size("10"),
                usd("1000"),
                size("0"),
                1_700_000_000_000L);
    }

    private RequestSpecification as(UserId caller) {
        return given().header("Authorization", "Bearer " + TestTokens.of(caller.value()));
    }

    private ValidatableResponse get(String path) {
        return as(user).get(path).then().statusCode(200);
    }

    private void await(String path, String field, Object expected) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                as(user).get(path)
                                        .then()
                                        .statusCode(200)
                                        .body(field, equalTo(expected)));
    }

    @Test
    void shouldPublishWhatMarketsAndUsersAreWorth() {
        try (Eventlog log =
                Eventlog.open(
                        EventlogSettings.of(
                                "valuations-test-" + user,
                                "valuations-test-" + user,
                                bootstrapServers,
                                new SimpleMeterRegistry()))) {
            AtomicReference<MarketValuation> market = new AtomicReference<>();
            AtomicReference<UserValuation> mine = new AtomicReference<>();
            log.followNewest(
                    Topics.MARKET_VALUATIONS.name(),
                    Topics.MARKET_VALUATIONS.partitions(),
                    (key, value) -> {
                        if (key.equals(BTC.toString())) {
                            market.set(EventCodec.decode(MarketValuation.class, value));
                        }
                    });
            log.followNewest(
                    Topics.USER_VALUATIONS.name(),
                    Topics.USER_VALUATIONS.partitions(),
                    (key, value) -> {
                        if (key.equals(user.toString())) {
                            mine.set(EventCodec.decode(UserValuation.class, value));
                        }
                    });

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(mine.get()).isNotNull();
                                assertThat(mine.get().unrealisedPnl()).isEqualTo(usd("100"));
                                assertThat(market.get()).isNotNull();
                                assertThat(market.get().mark()).isEqualTo(price("110"));
                                assertThat(market.get().activeTraders()).isPositive();
                                assertThat(market.get().openInterestLong())
                                        .isGreaterThanOrEqualTo(size("10"));
                            });
        }
    }

    @Test
    void shouldValueAnAccountAtTheMark() {
        get("/v1/accounts/" + subaccount)
                .body("subaccountId", equalTo(subaccount.toString()))
                .body("collateral", equalTo("995"))
                .body("equity", equalTo("1095"))
                .body("unrealisedPnl", equalTo("100"))
                .body("notional", equalTo("1100"))
                .body("initialMargin", equalTo("110"))
                .body("maintenanceMargin", equalTo("33"))
                .body("holds", equalTo("0"))
                .body("availableToTrade", equalTo("985"))
                .body("withdrawable", equalTo("885"))
                .body("health", equalTo("33.181818181"))
                .body("marginRatio", equalTo("0.995454545"))
                .body("positions", equalTo(1))
                .body("creditSequence", equalTo(1));
        get("/v1/accounts")
                .body("items.subaccountId", contains(subaccount.toString()))
                .body("nextCursor", nullValue());
    }

    @Test
    void shouldListPositionsAndSettlements() {
        get("/v1/positions?status=OPEN&market=M1-PERP&subaccountId=" + subaccount)
                .body("items", hasSize(1))
                .body("items[0].side", equalTo("LONG"))
                .body("items[0].size", equalTo("10"))
                .body("items[0].entryPrice", equalTo("100"))
                .body("items[0].markPrice", equalTo("110"))
                .body("items[0].leverage", equalTo(10))
                .body("items[0].liquidationPrice", equalTo("0.51546392"))
                .body("items[0].feesPaid", equalTo("5"))
                .body("items[0].openedAt", equalTo("2023-11-14T22:13:20Z"));
        get("/v1/positions?status=CLOSED").body("items", hasSize(0));
        get("/v1/settlements?subaccountId=" + subaccount)
                .body("items", hasSize(1))
                .body("items[0].sequence", equalTo(1))
                .body("items[0].fee", equalTo("5"));
    }

    @Test
    void shouldChangeLeverageAndSayWhenNot() {
        change(5).statusCode(200).body("leverage", equalTo(5));
        await("/v1/leverage?subaccountId=" + subaccount, "items[0].leverage", 5);
        get("/v1/accounts/" + subaccount).body("initialMargin", equalTo("220"));
        change(1).statusCode(422).body("code", equalTo("MARGIN_INSUFFICIENT"));
        change(21).statusCode(422).body("code", equalTo("LEVERAGE_TOO_HIGH"));
    }

    @Test
    void shouldTransferOnceAndOnlyWhatMayLeave() {
        SubaccountId other = new SubaccountId(user.value() * 10 + 1);
        wire.send(new SubaccountOpened(user, other, 1, "0x" + "0".repeat(40), 1));
        await("/v1/accounts/" + other, "collateral", "0");

        String first =
                transfer(other, "300", "t1")
                        .statusCode(200)
                        .body("amount", equalTo("300"))
                        .body("toSubaccountId", equalTo(other.toString()))
                        .extract()
                        .path("transferId");
        transfer(other, "300", "t1").statusCode(200).body("transferId", equalTo(first));
        transfer(other, "301", "t1").statusCode(409).body("code", equalTo("TRANSFER_ID_REUSED"));
        transfer(other, "585.000001", "t2")
                .statusCode(422)
                .body("code", equalTo("WITHDRAWABLE_EXCEEDED"))
                .body("detail", equalTo("at most 585 may leave the subaccount now"));
        transfer(new SubaccountId(user.value() * 10 + 9), "1", "t3").statusCode(404);

        await("/v1/accounts/" + subaccount, "collateral", "695");
        await("/v1/accounts/" + other, "collateral", "300");
        get("/v1/settlements?subaccountId=" + other)
                .body("items", hasSize(1))
                .body("items[0].kind", equalTo("TRANSFER"))
                .body("items[0].amount", equalTo("300"))
                .body("items[0].transferId", equalTo(first))
                .body("items[0].counterpartSubaccountId", equalTo(subaccount.toString()));
        get("/v1/settlements?subaccountId=" + subaccount)
                .body("items.kind", contains("TRANSFER", "TRADES"))
                .body("items.sequence", contains(2, 1))
                .body("items[0].amount", equalTo("-300"));
    }

    private ValidatableResponse transfer(SubaccountId to, String amount, String id) {
        return transfer(
                """
                {"fromSubaccountId":"%s","toSubaccountId":"%s","amount":"%s",
                 "clientTransferId":"%s"}"""
                        .formatted(subaccount, to, amount, id));
    }

    private ValidatableResponse transfer(String body) {
        return as(user).contentType(ContentType.JSON).body(body).post("/v1/transfers").then();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'toSubaccountId':'2','amount':'1','clientTransferId':'t'} | fromSubaccountId",
                "{'fromSubaccountId':'1','amount':'1','clientTransferId':'t'} | toSubaccountId",
                "{'fromSubaccountId':'1','toSubaccountId':'2','clientTransferId':'t'} | amount",
                "{'fromSubaccountId':'1','toSubaccountId':'2','amount':'1'} | clientTransferId",
                "{'fromSubaccountId':'1','toSubaccountId':'1','amount':'1','clientTransferId':'t'}"
                        + " | toSubaccountId",
                "{'fromSubaccountId':'1','toSubaccountId':'2','amount':'0','clientTransferId':'t'}"
                        + " | amount",
                "{'fromSubaccountId':'1','toSubaccountId':'2','amount':'-1','clientTransferId':'t'}"
                        + " | amount",
                "{'fromSubaccountId':'1','toSubaccountId':'2','amount':'1','clientTransferId':'t t'}"
                        + " | clientTransferId",
            })
    void shouldNameTheFieldOfABadTransfer(String body, String field) {
        transfer(body.replace('\'', '"')).statusCode(400).body("field", equalTo(field));
    }

    private ValidatableResponse change(int leverage) {
        return put("{\"subaccountId\":\"" + subaccount + "\",\"leverage\":" + leverage + "}");
    }

    private ValidatableResponse put(String body) {
        return as(user).contentType(ContentType.JSON).body(body).put("/v1/leverage/M1-PERP").then();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"subaccountId\":\"1\"}                               | leverage",
                "{\"leverage\":5}                                       | subaccountId",
                "{\"subaccountId\":\"1\",\"leverage\":\"5\"}            | leverage",
                "{\"subaccountId\":\"-1\",\"leverage\":5}               | subaccountId",
                "{\"subaccountId\":\"1\",\"leverage\":0}                | leverage",
                "{\"subaccountId\":\"1\",\"leverage\":99999999999}      | leverage",
                "{\"subaccountId\":\"1\",\"leverage\":5,\"surprise\":1} | surprise",
            })
    void shouldNameTheFieldOfBadInput(String body, String field) {
        put(body).statusCode(400).body("field", equalTo(field)).body("code", notNullValue());
    }

    @Test
    void shouldKeepUsersApart() {
        UserId other = new UserId(user.value() + 1_000_000);

        as(other).get("/v1/accounts/" + subaccount).then().statusCode(404);
        as(other).get("/v1/accounts").then().statusCode(200).body("items", hasSize(0));
        as(other)
                .get("/v1/settlements?subaccountId=" + subaccount)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        as(other)
                .contentType(ContentType.JSON)
                .body("{\"subaccountId\":\"" + subaccount + "\",\"leverage\":5}")
                .put("/v1/leverage/M1-PERP")
                .then()
                .statusCode(404)
                .body("code", equalTo("SUBACCOUNT_UNKNOWN"));
        given().get("/v1/accounts").then().statusCode(401);
    }

    @Test
    void shouldSumOverAllAccounts() {
        get("/v1/accounts/totals")
                .body("markets.market", contains("M1-PERP"))
                .body("markets[0].fills", notNullValue())
                .body("collateral", notNullValue());
    }
}
