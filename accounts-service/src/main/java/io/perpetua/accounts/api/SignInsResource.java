package io.perpetua.accounts.api;

import io.perpetua.accounts.app.EndSignInsHandler;
import io.perpetua.accounts.app.EndSignInsHandler.EndSignIns;
import io.perpetua.accounts.app.EndSignInsHandler.Which;
import io.perpetua.accounts.app.SignInSettings;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletKind;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.accounts.persistence.OpenSignInStore.ListedSignIn;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The caller's sign-ins: where from, and an end to them. */
@Path("/v1/auth/sign-ins")
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Sign-in")
public class SignInsResource {
    private final Caller caller;
    private final UserTransactions transactions;
    private final OpenSignInStore signIns;
    private final SignInSettings settings;
    private final EndSignInsHandler ending;
    private final Clock clock;

    /** With what it reads and the handlers of its commands. */
    public SignInsResource(
            Caller caller,
            UserTransactions transactions,
            OpenSignInStore signIns,
            SignInSettings settings,
            EndSignInsHandler ending,
            Clock clock) {
        this.caller = caller;
        this.transactions = transactions;
        this.signIns = signIns;
        this.settings = settings;
        this.ending = ending;
        this.clock = clock;
    }

    /** A sign-in. */
    public record OpenSignIn(
            String id,
            @Schema(description = "whether the request's access token is of this one")
                    boolean current,
            WalletKind walletKind,
            @Schema(description = "the wallet that signed in") String wallet,
            @Schema(description = "what the client said it was") @Nullable String userAgent,
            @Schema(description = "the client's address") @Nullable String address,
            Instant createdAt,
            @Schema(description = "when it was refreshed last") Instant lastUsedAt,
            @Schema(description = "when it is over, however often it is refreshed")
                    Instant expiresAt) {}

    /** How many sign-ins a request has ended. */
    public record Ended(int signInsEnded) {}

    /** All that last. */
    @GET
    @Operation(
            operationId = "listSignIns",
            summary = "Where the caller is signed in, the last used first",
            description = "They are few: nextCursor is always null.")
    @APIResponse(responseCode = "200", description = "The sign-ins")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<OpenSignIn> list() {
        UserId user = caller.user();
        Instant now = clock.instant();
        List<ListedSignIn> rows =
                transactions.call(
                        user,
                        connection ->
                                signIns.list(connection, user, now, settings.refreshedSince(now)));
        return new Page<>(rows.stream().map(this::shown).toList(), null);
    }

    /** Signs out. */
    @DELETE
    @Path("/current")
    @Operation(
            operationId = "signOut",
            summary = "Sign out: end the sign-in of the access token that is sent",
            description =
                    "Its refresh token is void at once, its access tokens are refused by every"
                            + " service within a second.")
    @APIResponse(
            responseCode = "200",
            description = "Signed out",
            content = @Content(schema = @Schema(implementation = Ended.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Ended signOut() {
        return new Ended(ending.handle(new EndSignIns(caller.user(), Which.ONE, current())));
    }

    /** Ends one of the caller's. */
    @DELETE
    @Path("/{signInId}")
    @Operation(operationId = "endSignIn", summary = "End one of the caller's sign-ins")
    @APIResponse(
            responseCode = "200",
            description = "It has ended",
            content = @Content(schema = @Schema(implementation = Ended.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "SIGN_IN_UNKNOWN")
    public Ended end(@PathParam("signInId") String signInId) {
        SignInId id = Fields.required("signInId", signInId, SignInId::parse);
        int ended = ending.handle(new EndSignIns(caller.user(), Which.ONE, id));
        if (ended == 0) {
            throw Problem.notFound("SIGN_IN_UNKNOWN", "there is no such sign-in")
                    .at("signInId")
                    .exception();
        }
        return new Ended(ended);
    }

    /** Ends all of the caller's but the one in use. */
    @DELETE
    @Operation(
            operationId = "endOtherSignIns",
            summary = "End all of the caller's sign-ins but the current one")
    @APIResponse(
            responseCode = "200",
            description = "How many ended",
            content = @Content(schema = @Schema(implementation = Ended.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Ended endOthers() {
        return new Ended(ending.handle(new EndSignIns(caller.user(), Which.OTHERS, current())));
    }

    private SignInId current() {
        return SignInId.parse(caller.signIn());
    }

    private OpenSignIn shown(ListedSignIn row) {
        return new OpenSignIn(
                row.id().toString(),
                row.id().toString().equals(caller.signIn()),
                row.walletKind(),
                Wallet.ofStored(row.walletKind(), row.wallet()).shown(),
                row.userAgent(),
                row.clientAddress(),
                row.createdAt(),
                row.refreshedAt(),
                row.expiresAt());
    }
}
