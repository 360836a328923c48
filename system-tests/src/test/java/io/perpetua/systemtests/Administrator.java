package io.perpetua.systemtests;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An administrator with a password and an authenticator app, who signs in anew before a token ends.
 */
final class Administrator {
    private static final String PASSWORD = "correct horse battery";
    private static final Duration TOKEN_USE = Duration.ofMinutes(8);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static @Nullable Stack of;
    private static @Nullable Administrator first;
    private static @Nullable Administrator second;
    private static String secondsApproval = "";

    private final Api api;
    private final String username;
    private final Authenticator authenticator;
    private String token = "";
    private long tokenNanos;

    private Administrator(Api api, String username, Authenticator authenticator) {
        this.api = api;
        this.username = username;
        this.authenticator = authenticator;
    }

    /**
     * The first administrator of the stack that tests share, who enrols once; tests share the token
     * too, as a new one costs a code, and there is one in half a minute.
     */
    static synchronized Administrator first(Stack stack, Api api)
            throws IOException, InterruptedException {
        if (stack != of) {
            of = stack;
            first = null;
            second = null;
        }
        Administrator known = first;
        if (known == null) {
            first = enrol(stack, api, "root", stack.secret("admin-bootstrap"));
            return first;
        }
        first = known.with(api);
        return first;
    }

    /**
     * The second one, who approves what the first one asks for; the operator, whose secret the
     * first one shows, approves of them.
     */
    static synchronized Administrator second(Stack stack, Api api)
            throws IOException, InterruptedException {
        Administrator first = first(stack, api);
        Administrator known = second;
        if (known != null) {
            second = known.with(api);
            return second;
        }
        secondsApproval = first.ask("second-pair", "RISK_MANAGER");
        first.persist(
                        "POST",
                        "/v1/admin/approvals/" + secondsApproval + "/approve-as-operator",
                        Api.body("operatorSecret", stack.secret("admin-bootstrap")))
                .orThrow();
        second = enrol(stack, api, "second-pair", first.partOf(secondsApproval));
        return second;
    }

    /** The request that the operator approved. */
    static synchronized String secondsApproval() {
        return secondsApproval;
    }

    private Administrator with(Api other) {
        Administrator again = new Administrator(other, username, authenticator);
        again.token = token;
        again.tokenNanos = tokenNanos;
        return again;
    }

    /** Enrols with a token that was handed out, and signs in. */
    private static Administrator enrol(Stack stack, Api api, String username, String enrolmentToken)
            throws InterruptedException {
        forgetAttempts(stack);
        JsonNode enrolment =
                api.persist(
                                "POST",
                                "/v1/admin/enrolments",
                                null,
                                Api.body(
                                        "username",
                                        username,
                                        "token",
                                        enrolmentToken,
                                        "password",
                                        PASSWORD))
                        .orThrow();
        Administrator admin =
                new Administrator(
                        api, username, new Authenticator(enrolment.path("totpUri").asText()));
        api.persist(
                        "POST",
                        "/v1/admin/enrolments/confirm",
                        null,
                        Api.body(
                                "username",
                                username,
                                "token",
                                enrolmentToken,
                                "code",
                                admin.authenticator.nextCode()))
                .orThrow();
        admin.signIn();
        return admin;
    }

    /** Makes another one, with the second one's approval. */
    static Administrator make(Stack stack, Api api, String name, String role)
            throws IOException, InterruptedException {
        Administrator second = second(stack, api);
        Administrator first = first(stack, api);
        String approval = first.ask(name, role);
        second.persist("POST", "/v1/admin/approvals/" + approval + "/approve", null).orThrow();
        return enrol(stack, api, name, first.partOf(approval) + second.partOf(approval));
    }

    /** Other tests try to sign in as administrators too, from the same address. */
    private static void forgetAttempts(Stack stack) {
        await("the attempts to be forgotten")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(
                        () -> {
                            try (Connection connection = stack.database("accounts", "admin");
                                    Statement statement = connection.createStatement()) {
                                statement.execute("delete from admin_attempt");
                                return true;
                            }
                        });
    }

    private String ask(String name, String role) throws InterruptedException {
        return persist(
                        "POST",
                        "/v1/admin/admins",
                        Api.body(
                                "username",
                                name,
                                "role",
                                role,
                                "reason",
                                "a test",
                                "reference",
                                "admin-" + name))
                .orThrow()
                .path("id")
                .asText();
    }

    private String partOf(String approval) throws InterruptedException {
        return persist("POST", "/v1/admin/approvals/" + approval + "/enrolment-part", null)
                .orThrow()
                .path("enrolmentPart")
                .asText();
    }

    /** Sends a request that may be repeated, until the platform answers it. */
    Answer persist(String method, String path, @Nullable Object body) throws InterruptedException {
        return api.persist(method, path, token(), body);
    }

    /** A token that is valid for a while, for requests that are sent by other means. */
    String token() throws InterruptedException {
        if (System.nanoTime() - tokenNanos > TOKEN_USE.toNanos()) {
            signIn();
        }
        return token;
    }

    /** A code is taken once: when the answer to it is lost, the next one is waited for. */
    private void signIn() throws InterruptedException {
        Answer answer = trySignIn();
        for (int i = 0; i < 5 && !answer.isOk(); i++) {
            answer = trySignIn();
        }
        token = answer.orThrow().path("accessToken").asText();
        tokenNanos = System.nanoTime();
    }

    private Answer trySignIn() throws InterruptedException {
        return api.persist(
                "POST",
                "/v1/admin/sign-in",
                null,
                Api.body(
                        "username",
                        username,
                        "password",
                        PASSWORD,
                        "code",
                        authenticator.nextCode()));
    }
}
