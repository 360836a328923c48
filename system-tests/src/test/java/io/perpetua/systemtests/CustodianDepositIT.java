package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Wallet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Money that the stack's simulated custodian reports, over HTTP. */
class CustodianDepositIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stack stack = Stack.shared();

    @Test
    void shouldCreditOnceWhenTheCustodianReportsTwice() throws Exception {
        // Given
        try (Api api = new Api(stack.frontDoor());
                HttpClient http = HttpClient.newHttpClient()) {
            Session session = Session.signIn(api, Wallet.create());
            JsonNode subaccount = session.get("/v1/subaccounts").path("items").get(0);
            String body =
                    "{\"reference\":\"wire-%s\",\"address\":\"%s\",\"asset\":\"USDC\",\"amount\":\"1250.5\"}"
                            .formatted(session.user(), subaccount.path("address").asText());

            // When
            HttpResponse<String> first = report(http, body, stack.secret("custodian-secret"));
            HttpResponse<String> second = report(http, body, stack.secret("custodian-secret"));
            HttpResponse<String> forged = report(http, body, "another secret");

            // Then
            assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
            assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
            assertThat(forged.statusCode()).as(forged.body()).isEqualTo(401);
            assertThat(JSON.readTree(second.body())).isEqualTo(JSON.readTree(first.body()));
            assertThat(
                            session.list(
                                            "/v1/ledger/statement?subaccountId="
                                                    + session.subaccount())
                                    .size())
                    .isEqualTo(1);
        }
    }

    private HttpResponse<String> report(HttpClient http, String body, String secret)
            throws Exception {
        String time = Long.toString(System.currentTimeMillis());
        URI deposits = stack.frontDoor().resolve("/v1/deposits");
        return http.send(
                HttpRequest.newBuilder(deposits)
                        .header("Content-Type", "application/json")
                        .header("Custodian-Signature", signature(secret, time, body))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The header of a notice, {@code time} in milliseconds since 1970. */
    static String signature(String secret, String time, String body)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] signed = (time + "." + body).getBytes(StandardCharsets.UTF_8);
        return "t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal(signed));
    }
}
