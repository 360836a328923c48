package io.perpetua.accounts.api;

import io.perpetua.accounts.api.AuthResource.Challenge;
import io.perpetua.accounts.api.AuthResource.ChallengeRequest;
import io.perpetua.accounts.app.AskClosingHandler;
import io.perpetua.accounts.app.AskClosingHandler.AskClosing;
import io.perpetua.accounts.app.AskClosingHandler.AskOutcome;
import io.perpetua.accounts.app.AskClosingHandler.Confirmation;
import io.perpetua.accounts.app.AwaitClosingQuery;
import io.perpetua.accounts.app.ReactivateHandler;
import io.perpetua.accounts.app.ReactivateHandler.Reactivate;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.domain.user.ClosingState;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.UserLifeStore.ClosingRow;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The caller's way out, for a while or for good, and back. */
@Path("/v1/users")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Users")
public class UserLifeResource {
    private static final String CLOSING_PATH = "/v1/users/me/closing";

    private final Caller caller;
    private final Challenges challenges;
    private final AskClosingHandler asking;
    private final AwaitClosingQuery closings;
    private final ReactivateHandler reactivating;
    private final RequestOrigin origin;

    /** With the handlers of its commands and what it reads. */
    public UserLifeResource(
            Caller caller,
            Challenges challenges,
            AskClosingHandler asking,
            AwaitClosingQuery closings,
            ReactivateHandler reactivating,
            RequestOrigin origin) {
        this.caller = caller;
        this.challenges = challenges;
        this.asking = asking;
        this.closings = closings;
        this.reactivating = reactivating;
        this.origin = origin;
    }

    /** A message signed by one of the caller's wallets. */
    @Schema(requiredProperties = {"message", "signature"})
    public record DeletionRequest(
            @Schema(description = "the text that was signed, to the letter") String message,
            @Schema(description = "as for a sign-in") String signature) {}

    /** A wish to leave, as far as it has come. */
    public record Closing(
            ClosingKind kind,
            @Schema(
                            description =
                                    "ASKED; then REFUSED, or FROZEN (nothing more is taken from the"
                                            + " user) and DONE")
                    ClosingState state,
            @Schema(description = "what was in the way of a refused one")
                    List<ClosingProblem.Obstacle> obstacles,
            Instant askedAt,
            @Nullable Instant decidedAt,
            @Nullable Instant finishedAt) {}

    /** Whether the caller is there. */
    public record Presence(UserState state) {}

    /** Deactivates the caller. */
    @POST
    @Path("/me/deactivation")
    @Operation(
            operationId = "deactivateMe",
            summary = "Deactivate the caller, until they ask to be reactivated",
            description =
                    "Refused while an order or a position is open; balances may stay. Nothing is"
                            + " traded, transferred or withdrawn afterwards; everything can be"
                            + " read. The other sign-ins end, and no agent's request is taken.")
    @APIResponse(
            responseCode = "200",
            description = "Deactivated",
            content = @Content(schema = @Schema(implementation = Closing.class)))
    @APIResponse(
            responseCode = "202",
            description = "Not yet decided; see the address in Location",
            content = @Content(schema = @Schema(implementation = Closing.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "409",
            description =
                    "USER_NOT_FLAT: names what is open; USER_SUSPENDED; USER_STATE_REFUSED: the"
                            + " caller is deactivated or about to be deleted",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = ClosingProblem.class)))
    public RestResponse<Closing> deactivate() {
        return close(ClosingKind.DEACTIVATION, null);
    }

    /** Brings the caller back. */
    @POST
    @Path("/me/reactivation")
    @Operation(
            operationId = "reactivateMe",
            summary = "Reactivate the caller",
            description =
                    "One who is not deactivated stays as they are. Their agents' requests are"
                            + " taken again.")
    @APIResponse(
            responseCode = "200",
            description = "The caller is there",
            content = @Content(schema = @Schema(implementation = Presence.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "409",
            description = "USER_STATE_REFUSED: a wish to leave is under way")
    public Presence reactivate() {
        UserState state = reactivating.handle(new Reactivate(caller.user(), origin.origin()));
        if (state != UserState.ACTIVE) {
            throw stateRefused(state).exception();
        }
        return new Presence(state);
    }

    /** Makes the message by which the caller confirms to be deleted. */
    @POST
    @Path("/me/deletion-challenge")
    @Operation(
            operationId = "requestDeletionChallenge",
            summary = "Ask for a message by whose signature the caller is deleted",
            description =
                    "The message says that it deletes, and whom; it is good for nothing else."
                            + " Asking stores nothing and can be repeated.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "wallet",
                                            value = AuthResource.CHALLENGE_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The message",
            content = @Content(schema = @Schema(implementation = Challenge.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Challenge challenge(ChallengeRequest request) {
        return challenges.issue(ChallengePurpose.deletionOf(caller.user()), request);
    }

    /** Deletes the caller. */
    @DELETE
    @Path("/me")
    @Operation(
            operationId = "deleteMe",
            summary = "Delete the caller for good, confirmed by the signature of a wallet",
            description =
                    "Refused while an order, a position, a balance of any asset or a withdrawal is"
                            + " there."
                            + " Profile, wallets, sign-ins, stored keys and addresses are deleted;"
                            + " what must be kept stays under the user's id, which is never used"
                            + " again. A wallet that signs in later makes a new user. Once it is"
                            + " done every access token of the user is refused.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "signed",
                                            value = AuthResource.TOKEN_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Deleted",
            content = @Content(schema = @Schema(implementation = Closing.class)))
    @APIResponse(
            responseCode = "202",
            description =
                    "Under way; see the address in Location until it answers TOKEN_REVOKED, which"
                            + " says that it is done",
            content = @Content(schema = @Schema(implementation = Closing.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description =
                    "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED; DOMAIN_MISMATCH,"
                            + " URI_MISMATCH, NONCE_UNKNOWN, STATEMENT_MISMATCH, MESSAGE_EXPIRED,"
                            + " MESSAGE_NOT_YET_VALID, SIGNATURE_MISMATCH, NONCE_USED;"
                            + " WALLET_UNKNOWN: the wallet is not the caller's")
    @APIResponse(
            responseCode = "409",
            description =
                    "USER_SUSPENDED, USER_STATE_REFUSED: a deactivation is under way,"
                            + " USER_NOT_FLAT: names what is in the way; of open orders and"
                            + " positions nothing while there is a balance of an asset other than"
                            + " USDC",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = ClosingProblem.class)))
    public RestResponse<Closing> delete(DeletionRequest request) {
        SignInMessage message = Fields.required("message", request.message(), SignInMessage::parse);
        WalletSignature signature =
                Fields.required(
                        "signature",
                        request.signature(),
                        text -> WalletSignature.parse(message.address().kind(), text));
        return close(ClosingKind.DELETION, new Confirmation(request.message(), message, signature));
    }

    /** How far the caller's last wish to leave has come. */
    @GET
    @Path("/me/closing")
    @Operation(
            operationId = "getClosing",
            summary = "The caller's last wish to be deactivated or deleted, as far as it has come")
    @APIResponse(
            responseCode = "200",
            description = "The wish",
            content = @Content(schema = @Schema(implementation = Closing.class)))
    @APIResponse(
            responseCode = "401",
            description =
                    "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED; TOKEN_REVOKED: also when the"
                            + " caller is deleted")
    @APIResponse(responseCode = "404", description = "CLOSING_UNKNOWN: there has been none")
    public Closing closing() {
        return closings.last(caller.user())
                .map(UserLifeResource::shown)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                                "CLOSING_UNKNOWN",
                                                "the caller has not asked to leave")
                                        .exception());
    }

    private RestResponse<Closing> close(ClosingKind kind, @Nullable Confirmation confirmation) {
        AskOutcome outcome =
                asking.handle(
                        new AskClosing(
                                caller.user(),
                                kind,
                                SignInId.parse(caller.signIn()),
                                confirmation,
                                origin.origin()));
        return switch (outcome) {
            case AskOutcome.Asked asked -> answer(closings.await(caller.user(), asked.closing()));
            case AskOutcome.NotConfirmed refused ->
                    throw Problem.of(401, refused.reason().name(), refused.reason().sentence())
                            .exception();
            case AskOutcome.WalletUnknown() ->
                    throw Problem.of(401, "WALLET_UNKNOWN", "the wallet is not the caller's")
                            .exception();
            case AskOutcome.Suspended() ->
                    throw refused(
                            Problem.conflict("USER_SUSPENDED", "a suspended user can't leave"),
                            List.of());
            case AskOutcome.NotFlat notFlat -> throw notFlat(obstacles(notFlat));
            case AskOutcome.NotNow notNow -> throw refused(stateRefused(notNow.state()), List.of());
        };
    }

    private static RestResponse<Closing> answer(ClosingRow row) {
        Closing closing = shown(row);
        return switch (row.state()) {
            case DONE -> RestResponse.ok(closing);
            case ASKED, FROZEN ->
                    RestResponse.ResponseBuilder.<Closing>create(202)
                            .entity(closing)
                            .header(HttpHeaders.LOCATION, CLOSING_PATH)
                            .build();
            case REFUSED -> throw notFlat(closing.obstacles());
        };
    }

    private static ClosingProblemException notFlat(List<ClosingProblem.Obstacle> obstacles) {
        return refused(
                Problem.conflict("USER_NOT_FLAT", "something of the user's is in the way"),
                obstacles);
    }

    private static List<ClosingProblem.Obstacle> obstacles(AskOutcome.NotFlat notFlat) {
        List<ClosingProblem.Obstacle> obstacles = new ArrayList<>();
        if (notFlat.pendingWithdrawals() > 0) {
            obstacles.add(ClosingProblem.Obstacle.withdrawals(notFlat.pendingWithdrawals()));
        }
        notFlat.holdings()
                .forEach(
                        (asset, subaccounts) ->
                                obstacles.add(
                                        ClosingProblem.Obstacle.balances(asset, subaccounts)));
        return obstacles;
    }

    private static Problem stateRefused(UserState state) {
        return Problem.conflict("USER_STATE_REFUSED", "the user is " + state + " now");
    }

    private static ClosingProblemException refused(
            Problem problem, List<ClosingProblem.Obstacle> obstacles) {
        return new ClosingProblemException(ClosingProblem.of(problem, obstacles));
    }

    private static Closing shown(ClosingRow row) {
        return new Closing(
                row.kind(),
                row.state(),
                row.obstacles().stream().map(ClosingProblem.Obstacle::of).toList(),
                row.askedAt(),
                row.decidedAt(),
                row.finishedAt());
    }
}
