package io.perpetua.demo.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Usd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wallet that is signed in: its user, its first subaccount, and a token that is renewed when it
 * has expired.
 */
public final class Session {
    /** An outage may outlast the life of a token, again and again. */
    private static final int MOST_RENEWALS = 10;

    private final Api api;
    private final Wallet wallet;
    private final String user;
    private final String subaccount;
    private volatile String token;

    private Session(Api api, Wallet wallet, JsonNode signedIn) {
        this.api = api;
        this.wallet = wallet;
        this.token = signedIn.path("accessToken").asText();
        this.user = signedIn.path("userId").asText();
        JsonNode subaccounts = get("/v1/subaccounts").path("items");
        if (subaccounts.isEmpty()) {
            throw new IllegalStateException("user " + user + " has no subaccount");
        }
        this.subaccount = subaccounts.get(0).path("id").asText();
    }

    /** Signs the wallet in; its first time makes the user. */
    public static Session signIn(Api api, Wallet wallet) {
        return new Session(api, wallet, token(api, wallet));
    }

    private static JsonNode token(Api api, Wallet wallet) {
        while (true) {
            JsonNode challenge =
                    api.persist(
                                    "POST",
                                    "/v1/auth/challenge",
                                    null,
                                    Api.body("address", wallet.address()))
                            .orThrow();
            String message = challenge.path("message").asText();
            Answer answer =
                    api.persist(
                            "POST",
                            "/v1/auth/token",
                            null,
                            Api.body("message", message, "signature", wallet.sign(message)));
            // A repeat after an outage finds its nonce used: the answer was lost, not the sign-in.
            if (!answer.code().equals("NONCE_USED")) {
                return answer.orThrow();
            }
        }
    }

    /** Sends a request of this user that may be repeated, until the platform answers it. */
    public Answer persist(String method, String path, @Nullable Object body) {
        Answer answer = api.persist(method, path, token, body);
        for (int i = 0; i < MOST_RENEWALS && answer.code().equals("TOKEN_EXPIRED"); i++) {
            token = token(api, wallet).path("accessToken").asText();
            answer = api.persist(method, path, token, body);
        }
        return answer;
    }

    /** Sends a request of this user, once. */
    public Answer send(String method, String path, @Nullable Object body) {
        Answer answer = api.send(method, path, token, body);
        if (answer.status() == 401 && answer.code().equals("TOKEN_EXPIRED")) {
            token = token(api, wallet).path("accessToken").asText();
            answer = api.send(method, path, token, body);
        }
        return answer;
    }

    /** A body that must be there. */
    public JsonNode get(String path) {
        return persist("GET", path, null).orThrow();
    }

    /** All items of a list of this user. */
    public List<JsonNode> list(String path) {
        return Api.pages(path, this::get);
    }

    /**
     * Takes money from the faucet of a development stack; a repeat of the reference is harmless.
     */
    public void deposit(Usd amount, String reference) {
        persist(
                        "POST",
                        "/v1/faucet",
                        Api.body(
                                "subaccountId",
                                subaccount,
                                "amount",
                                amount.toString(),
                                "reference",
                                reference))
                .orThrow();
    }

    /** The user's id. */
    public String user() {
        return user;
    }

    /** The id of the user's first subaccount. */
    public String subaccount() {
        return subaccount;
    }

    /** The token as it is, for requests that are sent by other means. */
    public String token() {
        return token;
    }

    @Override
    public String toString() {
        return "Session[user=" + user + "]";
    }
}
