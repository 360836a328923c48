package io.perpetua.marketdata;

import static io.perpetua.marketdata.MarketApprovalIT.READER;
import static io.perpetua.marketdata.MarketApprovalIT.SECOND;
import static io.perpetua.marketdata.MarketApprovalIT.ask;
import static io.perpetua.marketdata.MarketApprovalIT.decide;
import static io.perpetua.marketdata.MarketApprovalIT.definition;
import static io.perpetua.marketdata.MarketApprovalIT.id;
import static io.perpetua.marketdata.MarketApprovalIT.moves;
import static io.perpetua.marketdata.MarketApprovalIT.read;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.testkit.AccessTokensResource;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Changes of markets on which no second administrator decides in time. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(AccessTokensResource.class)
@TestProfile(MarketApprovalExpiryIT.Impatient.class)
class MarketApprovalExpiryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A decision is to be made within seconds. */
    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("perpetua.market-data.approval-seconds", "5");
        }
    }

    @Test
    void shouldExpireWhatNobodyDecidesAndLetItBeAskedForAnew() throws Exception {
        ObjectNode longer = definition("SOL-PERP", "version", 2, "stalenessMillis", 60_000);
        String id = id(ask(longer).statusCode(202));

        await().atMost(PATIENCE)
                .until(() -> moves("SOL-PERP").contains(MarketApprovalState.EXPIRED));

        decide(SECOND, id, "approve").statusCode(409).body("code", equalTo("APPROVAL_EXPIRED"));
        decide(SECOND, id, "reject").statusCode(409).body("code", equalTo("APPROVAL_EXPIRED"));
        read(READER, "/v1/market-approvals?market=SOL-PERP&state=EXPIRED")
                .statusCode(200)
                .body("items.id", equalTo(List.of(id)))
                .body("nextCursor", nullValue());
        ask(longer).statusCode(202).body("id", not(equalTo(id)));
        assertThat(moves("SOL-PERP"))
                .startsWith(MarketApprovalState.OPEN, MarketApprovalState.EXPIRED);
        given().get("/v1/markets/SOL-PERP").then().body("version", equalTo(1));
    }
}
