package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.AskedFor;
import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.CandlesImported;
import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingOverrideDecided;
import io.perpetua.contracts.marketdata.ImportDeleted;
import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketApprovalMoved;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import io.perpetua.contracts.marketdata.VersionWanted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What administrators decide in market-data-service; the test acts as that. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class MarketDecisionsIT {
    private static final String SUBJECT = "market:MOON-PERP";

    @ConfigProperty(name = "perpetua.kafka.bootstrap-servers")
    String bootstrapServers;

    private static Market moon(long version, MarketStatus status) {
        return new Market(
                new MarketId(11),
                "MOON-PERP",
                "MOON",
                "USDC",
                status,
                version,
                20,
                List.of(new MarginTier(Usd.ZERO, Rate.parse("0.05"), Rate.parse("0.025"))),
                Rate.parse("0.01"),
                Rate.parse("0.0005"),
                Rate.parse("-0.0001"),
                Price.parse("0.5"),
                Quantity.parse("0.01"),
                Quantity.parse("0.01"),
                Quantity.parse("100"),
                Quantity.parse("1000"),
                Rate.parse("0.05"),
                Rate.parse("0.1"),
                Usd.ofDollars(1_000),
                Rate.parse("0.1"),
                5_000,
                3_600_000,
                Rate.parse("0.01"),
                Rate.parse("0.1"),
                "MOON/USD");
    }

    private static MarketVersionDecided decided(Market market, @Nullable Market before) {
        return new MarketVersionDecided(
                market,
                before,
                1_800_000_000_000L,
                7,
                "to the moon",
                "192.0.2.7",
                "a browser",
                1_700_000_000_000L,
                new AskedFor(3, 9));
    }

    private static FundingOverrideDecided funding(
            Market market, long number, @Nullable FundingKind kind) {
        return new FundingOverrideDecided(
                market.id(),
                market.symbol(),
                number,
                kind,
                kind == null ? null : Rate.parse("-0.2"),
                kind == null ? 0 : 1_800_000_000_000L,
                7,
                "to the moon",
                "192.0.2.7",
                null,
                1_700_000_000_000L,
                null);
    }

    private static MarketApprovalMoved moved(
            Market wanted, MarketApprovalState state, long administrator) {
        return new MarketApprovalMoved(
                3,
                wanted.id(),
                wanted.symbol(),
                state,
                MarketChangeWanted.of(new VersionWanted(wanted, 0)),
                List.of(new BoundExceeded("definition.status", "from ANNOUNCED to POST_ONLY")),
                9,
                1_800_000_000_000L,
                administrator,
                "to the moon",
                null,
                null,
                1_700_000_000_000L);
    }

    private static CandlesImported imported(Market market) {
        return new CandlesImported(
                market.id(),
                market.symbol(),
                800,
                1_641_254_400_000L,
                1_641_302_340_000L,
                3,
                7,
                "192.0.2.7",
                null,
                1_700_000_000_000L);
    }

    private static ImportDeleted deleted(Market market) {
        return new ImportDeleted(
                market.id(),
                market.symbol(),
                799,
                1_643_846_400_000L,
                8,
                null,
                null,
                1_700_000_000_000L);
    }

    private void publish(KafkaProducer<byte[], byte[]> producer, long number, MarketDecision event)
            throws Exception {
        producer.send(
                        RiskSide.numbered(
                                Topics.MARKET_DECISIONS.name(),
                                Partitions.of(event.market()),
                                "market-data-catalogue",
                                number,
                                EventCodec.encode(MarketDecision.class, event)))
                .get();
    }

    private static List<String> actions() {
        Response answer =
                TestAdmin.root().request().queryParam("subject", SUBJECT).get("/v1/admin/audit");
        return answer.statusCode() == 200 ? answer.path("items.action") : List.of();
    }

    @Test
    void shouldRecordEachDecisionOnceWhenTheyAreSentAgain() throws Exception {
        // Given
        Market announced = moon(1, MarketStatus.ANNOUNCED);
        Market postOnly = moon(2, MarketStatus.POST_ONLY);
        MarketVersionDecided listed = decided(announced, null);
        MarketVersionDecided changed = decided(postOnly, announced);

        // When
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            publish(producer, 1, listed);
            publish(producer, 1, listed);
            publish(producer, 2, changed);
            publish(producer, 1, listed);
            publish(producer, 2, changed);
            publish(producer, 3, decided(moon(3, MarketStatus.ACTIVE), postOnly));
            publish(producer, 4, funding(postOnly, 1, FundingKind.EMERGENCY));
            publish(producer, 4, funding(postOnly, 1, FundingKind.EMERGENCY));
            publish(producer, 5, funding(postOnly, 2, null));
            publish(producer, 6, moved(postOnly, MarketApprovalState.OPEN, 9));
            publish(producer, 7, moved(postOnly, MarketApprovalState.APPROVED, 7));
            publish(producer, 7, moved(postOnly, MarketApprovalState.APPROVED, 7));
            publish(producer, 8, moved(postOnly, MarketApprovalState.REJECTED, 7));
            publish(producer, 9, moved(postOnly, MarketApprovalState.EXPIRED, 0));
            publish(producer, 10, imported(postOnly));
            publish(producer, 10, imported(postOnly));
            publish(producer, 11, deleted(postOnly));
        }
        RiskSide.await(() -> actions().size() >= 11, "eleven entries");

        // Then
        assertThat(actions())
                .containsExactly(
                        "MARKET_IMPORT_DELETED",
                        "MARKET_IMPORT_ADDED",
                        "MARKET_APPROVAL_EXPIRED",
                        "MARKET_APPROVAL_REJECTED",
                        "MARKET_APPROVAL_GRANTED",
                        "MARKET_APPROVAL_REQUESTED",
                        "MARKET_FUNDING_TAKEN_BACK",
                        "MARKET_FUNDING_SET",
                        "MARKET_CHANGED",
                        "MARKET_CHANGED",
                        "MARKET_LISTED");
        TestAdmin root = TestAdmin.root();
        root.request()
                .queryParam("subject", SUBJECT)
                .get("/v1/admin/audit")
                .then()
                .body("items[10].before", nullValue())
                .body("items[9].actorKind", equalTo("ADMIN"))
                .body("items[9].actorId", equalTo("7"))
                .body("items[9].clientAddress", equalTo("192.0.2.7"))
                .body("items[9].userAgent", equalTo("a browser"))
                .body("items[9].before", containsString("\"status\":\"ANNOUNCED\""))
                .body("items[9].after", containsString("\"status\":\"POST_ONLY\""))
                .body("items[9].after", containsString("\"approvalId\":\"3\""))
                .body("items[9].after", containsString("\"requestedBy\":\"9\""))
                .body("items[9].after", containsString("\"reason\":\"to the moon\""))
                .body("items[9].after", containsString("\"decidedAt\":\"2023-11-14T22:13:20Z\""));
        root.request()
                .queryParam("subject", SUBJECT)
                .get("/v1/admin/audit")
                .then()
                .body("items[7].actorId", equalTo("7"))
                .body("items[7].after", containsString("\"kind\":\"EMERGENCY\""))
                .body("items[7].after", containsString("\"rate\":\"-0.2\""))
                .body("items[6].after", containsString("\"number\":2"))
                .body("items[5].actorId", equalTo("9"))
                .body("items[5].after", containsString("\"state\":\"OPEN\""))
                .body("items[5].after", containsString("definition.status: from ANNOUNCED"))
                .body("items[5].after", containsString("\"status\":\"POST_ONLY\""))
                .body("items[4].actorKind", equalTo("ADMIN"))
                .body("items[4].actorId", equalTo("7"))
                .body("items[4].after", containsString("\"requestedBy\":\"9\""))
                .body("items[0].actorId", equalTo("8"))
                .body(
                        "items[0].after",
                        equalTo(
                                "{\"before\":\"2022-02-03T00:00:00Z\","
                                        + "\"decidedAt\":\"2023-11-14T22:13:20Z\","
                                        + "\"minutes\":799}"))
                .body("items[1].actorId", equalTo("7"))
                .body("items[1].clientAddress", equalTo("192.0.2.7"))
                .body(
                        "items[1].after",
                        equalTo(
                                "{\"decidedAt\":\"2023-11-14T22:13:20Z\","
                                        + "\"first\":\"2022-01-04T00:00:00Z\","
                                        + "\"last\":\"2022-01-04T13:19:00Z\","
                                        + "\"minutes\":800,\"rejected\":3}"))
                .body("items[2].actorKind", equalTo("SERVICE"))
                .body("items[2].actorId", equalTo("market-data-service"));
        root.request()
                .body("{}")
                .post("/v1/admin/audit/verify")
                .then()
                .statusCode(200)
                .body("whole", equalTo(true));
    }
}
