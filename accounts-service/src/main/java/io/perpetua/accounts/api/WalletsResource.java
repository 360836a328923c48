package io.perpetua.accounts.api;

import io.perpetua.accounts.api.AuthResource.Challenge;
import io.perpetua.accounts.api.AuthResource.ChallengeRequest;
import io.perpetua.accounts.app.LinkWalletHandler;
import io.perpetua.accounts.app.LinkWalletHandler.LinkOutcome.Linked;
import io.perpetua.accounts.app.LinkWalletHandler.LinkOutcome.NotProven;
import io.perpetua.accounts.app.LinkWalletHandler.LinkOutcome.Taken;
import io.perpetua.accounts.app.LinkWalletHandler.LinkOutcome.TooMany;
import io.perpetua.accounts.app.LinkWalletHandler.LinkWallet;
import io.perpetua.accounts.app.UnlinkWalletHandler;
import io.perpetua.accounts.app.UnlinkWalletHandler.UnlinkOutcome.Last;
import io.perpetua.accounts.app.UnlinkWalletHandler.UnlinkOutcome.Unknown;
import io.perpetua.accounts.app.UnlinkWalletHandler.UnlinkOutcome.Unlinked;
import io.perpetua.accounts.app.UnlinkWalletHandler.UnlinkWallet;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletKind;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.persistence.WalletRow;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The wallets that sign the caller in. */
@Path("/v1/auth/wallets")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Wallets", description = "The wallets that sign a user in; each is one user's.")
public class WalletsResource {
    private final Caller caller;
    private final UserTransactions transactions;
    private final WalletRows wallets;
    private final Challenges challenges;
    private final LinkWalletHandler linking;
    private final UnlinkWalletHandler unlinking;
    private final RequestOrigin origin;

    /** With what it reads and the handlers of its commands. */
    public WalletsResource(
            Caller caller,
            UserTransactions transactions,
            WalletRows wallets,
            Challenges challenges,
            LinkWalletHandler linking,
            UnlinkWalletHandler unlinking,
            RequestOrigin origin) {
        this.caller = caller;
        this.transactions = transactions;
        this.wallets = wallets;
        this.challenges = challenges;
        this.linking = linking;
        this.unlinking = unlinking;
        this.origin = origin;
    }

    /** A wallet of the caller's. */
    public record LinkedWallet(
            WalletKind kind,
            @Schema(description = "EVM: with its EIP-55 checksum; Solana: in base58")
                    String address,
            Instant linkedAt) {}

    /** A message signed by the wallet that is to be linked. */
    @Schema(requiredProperties = {"message", "signature"})
    public record LinkRequest(
            @Schema(description = "the text that was signed, to the letter") String message,
            @Schema(description = "as for a sign-in") String signature) {}

    /** How many sign-ins ended with the wallet. */
    public record UnlinkedWallet(
            @Schema(description = "those that it made; the caller's own may be among them")
                    int signInsEnded) {}

    /** All of the caller's. */
    @GET
    @Operation(
            operationId = "listWallets",
            summary = "The caller's wallets, the first linked first",
            description = "They are few: nextCursor is always null.")
    @APIResponse(responseCode = "200", description = "The wallets")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<LinkedWallet> list() {
        UserId user = caller.user();
        List<WalletRow> rows = transactions.call(user, connection -> wallets.of(user.value()));
        return new Page<>(rows.stream().map(WalletsResource::shown).toList(), null);
    }

    /** Makes the message to sign. */
    @POST
    @Path("/challenge")
    @Operation(
            operationId = "requestLinkChallenge",
            summary = "Ask for a message by whose signature a further wallet is linked",
            description =
                    "The message says that it links and to whom; it signs nobody in. Asking stores"
                            + " nothing and can be repeated.")
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
        return challenges.issue(ChallengePurpose.linkTo(caller.user()), request);
    }

    /** Links a wallet. */
    @POST
    @Operation(
            operationId = "linkWallet",
            summary = "Link a further wallet by its signature",
            description = "Linking the caller's own wallet again changes nothing.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "signed",
                                            value = AuthResource.TOKEN_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "It signs the caller in from now on",
            content = @Content(schema = @Schema(implementation = LinkedWallet.class)))
    @APIResponse(
            responseCode = "200",
            description = "It was the caller's before",
            content = @Content(schema = @Schema(implementation = LinkedWallet.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description =
                    "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED; DOMAIN_MISMATCH,"
                            + " URI_MISMATCH, NONCE_UNKNOWN, STATEMENT_MISMATCH, MESSAGE_EXPIRED,"
                            + " MESSAGE_NOT_YET_VALID, SIGNATURE_MISMATCH, NONCE_USED")
    @APIResponse(responseCode = "409", description = "WALLET_TAKEN: it is another user's")
    @APIResponse(
            responseCode = "422",
            description = "WALLETS_EXHAUSTED: the user has as many as allowed")
    public RestResponse<LinkedWallet> link(LinkRequest request) {
        SignInMessage message = Fields.required("message", request.message(), SignInMessage::parse);
        WalletSignature signature =
                Fields.required(
                        "signature",
                        request.signature(),
                        text -> WalletSignature.parse(message.address().kind(), text));
        return switch (linking.handle(
                new LinkWallet(
                        caller.user(), request.message(), message, signature, origin.origin()))) {
            case Linked linked ->
                    RestResponse.status(
                            linked.isNew() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                            shown(linked.wallet()));
            case NotProven refused ->
                    throw Problem.of(401, refused.reason().name(), refused.reason().sentence())
                            .exception();
            case Taken taken ->
                    throw Problem.conflict("WALLET_TAKEN", "the wallet is another user's")
                            .exception();
            case TooMany tooMany ->
                    throw Problem.of(
                                    422,
                                    "WALLETS_EXHAUSTED",
                                    "a user has at most " + linking.most() + " wallets")
                            .exception();
        };
    }

    /** Unlinks a wallet. */
    @DELETE
    @Path("/{address}")
    @Operation(
            operationId = "unlinkWallet",
            summary = "Unlink one of the caller's wallets, and end the sign-ins it made")
    @APIResponse(
            responseCode = "200",
            description = "It signs nobody in any more",
            content = @Content(schema = @Schema(implementation = UnlinkedWallet.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "WALLET_UNKNOWN")
    @APIResponse(responseCode = "409", description = "WALLET_LAST: nobody could sign in without it")
    public UnlinkedWallet unlink(@PathParam("address") String address) {
        Wallet wallet = Fields.required("address", address, Wallet::parse);
        return switch (unlinking.handle(new UnlinkWallet(caller.user(), wallet, origin.origin()))) {
            case Unlinked unlinked -> new UnlinkedWallet(unlinked.ended().size());
            case Unknown unknown ->
                    throw Problem.notFound("WALLET_UNKNOWN", "the caller has no such wallet")
                            .at("address")
                            .exception();
            case Last last ->
                    throw Problem.conflict(
                                    "WALLET_LAST", "nobody could sign in without the last wallet")
                            .at("address")
                            .exception();
        };
    }

    private static LinkedWallet shown(WalletRow row) {
        Wallet wallet = row.wallet();
        return new LinkedWallet(wallet.kind(), wallet.shown(), row.linkedAt());
    }
}
