package io.perpetua.demo.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Usd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wallet that is signed in: its user, its first subaccount, and a token that is refreshed when it
 * has expired, or, when the sign-in has ended, had anew by the wallet's signature.
 */
public final class Session {
    /** An outage may outlast the life of a token, again and again. */
    private static final int MOST_RENEWALS = 10;

    private final Api api;
    private final Wallet wallet;
    private final String user;
    private final String subaccount;
    private volatile String token;
    private String refreshToken;

    private Session(Api api, Wallet wallet, JsonNode signedIn) {
        this.api = api;
        this.wallet = wallet;
        this.token = signedIn.path("accessToken").asText();
        this.refreshToken = signedIn.path("refreshToken").asText();
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

    /** A new token, unless another thread has already got one for the same reason. */
    private synchronized void renew(String old) {
        if (!token.equals(old)) {
            return;
        }
        Answer answer =
                api.persist(
                        "POST", "/v1/auth/refresh", null, Api.body("refreshToken", refreshToken));
        JsonNode tokens = answer.status() == 401 ? token(api, wallet) : answer.orThrow();
        refreshToken = tokens.path("refreshToken").asText();
        token = tokens.path("accessToken").asText();
    }

    /** A new token now, before the present one is over. */
    public void renew() {
        renew(token);
    }

    private static boolean isOver(Answer answer) {
        return answer.code().equals("TOKEN_EXPIRED") || answer.code().equals("TOKEN_REVOKED");
    }

    /** Sends a request of this user that may be repeated, until the platform answers it. */
    public Answer persist(String method, String path, @Nullable Object body) {
        String used = token;
        Answer answer = api.persist(method, path, used, body);
        for (int i = 0; i < MOST_RENEWALS && isOver(answer); i++) {
            renew(used);
            used = token;
            answer = api.persist(method, path, used, body);
        }
        return answer;
    }

    /** Sends a request of this user, once. */
    public Answer send(String method, String path, @Nullable Object body) {
        String used = token;
        Answer answer = api.send(method, path, used, body);
        if (answer.status() == 401 && isOver(answer)) {
            renew(used);
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
