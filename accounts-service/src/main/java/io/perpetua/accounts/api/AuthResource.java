package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AccessTokenIssuer.IssuedToken;
import io.perpetua.accounts.app.IssuedTokens;
import io.perpetua.accounts.app.RefreshHandler;
import io.perpetua.accounts.app.RefreshHandler.Refresh;
import io.perpetua.accounts.app.RefreshHandler.RefreshOutcome.NotRefreshed;
import io.perpetua.accounts.app.RefreshHandler.RefreshOutcome.Refreshed;
import io.perpetua.accounts.app.SignInHandler;
import io.perpetua.accounts.app.SignInHandler.SignIn;
import io.perpetua.accounts.app.SignInHandler.SignInOutcome.NotSignedIn;
import io.perpetua.accounts.app.SignInHandler.SignInOutcome.SignedIn;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.domain.token.RefreshTokens;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudget;
import io.perpetua.edge.RateClass;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Sign-in with a wallet: a challenge, tokens for its signature, and new tokens for old ones. */
@Path("/v1/auth")
@PermitAll
@RateBudget(RateClass.SIGN_IN)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sign-in", description = "A wallet signs a message and gets tokens.")
public class AuthResource {
    static final String CHALLENGE_EXAMPLE =
            "{\"address\":\"0x9D85ca56217D2bb651b00f15e694EB7E713637D4\",\"chainId\":1}";
    static final String TOKEN_EXAMPLE =
            "{\"message\":\"127.0.0.1:8080 wants you to sign in with your Ethereum account:\\n..\","
                    + "\"signature\":\"0xdc35c7f8..1b\"}";

    private static final String REFRESH_EXAMPLE =
            "{\"refreshToken\":\"AAAAAAAAAAEa7t1b..of 107 characters..x3Vb\"}";

    private final Challenges challenges;
    private final SignInHandler signIns;
    private final RefreshHandler refreshing;
    private final RequestOrigin origin;

    /** With the handlers of its commands. */
    public AuthResource(
            Challenges challenges,
            SignInHandler signIns,
            RefreshHandler refreshing,
            RequestOrigin origin) {
        this.challenges = challenges;
        this.signIns = signIns;
        this.refreshing = refreshing;
        this.origin = origin;
    }

    /** Which wallet wants to sign in. */
    @Schema(requiredProperties = "address")
    public record ChallengeRequest(
            @Schema(
                            description =
                                    "EVM: 0x and 40 hexadecimal digits, of which mixed case needs"
                                            + " its checksum; Solana: the public key in base58")
                    String address,
            @Schema(description = "EVM: the EIP-155 chain, 1 if absent; Solana: absent")
                    @Nullable Long chainId) {}

    /** What to sign. */
    public record Challenge(
            @Schema(
                            description =
                                    "the message of EIP-4361 or Sign In With Solana, to be signed"
                                            + " exactly as it is")
                    String message,
            @Schema(description = "names the challenge; stands in the message") String nonce,
            Instant expiresAt) {
        static Challenge of(SignInMessage message) {
            return new Challenge(
                    message.text(), message.nonce(), Objects.requireNonNull(message.expiresAt()));
        }
    }

    /** A signed message. */
    @Schema(requiredProperties = {"message", "signature"})
    public record TokenRequest(
            @Schema(description = "the text that was signed, to the letter") String message,
            @Schema(
                            description =
                                    "EVM: EIP-191, r, s and v, 65 bytes in hexadecimal digits;"
                                            + " Solana: Ed25519, 64 bytes in base58 or base64")
                    String signature) {}

    /** A refresh token. */
    @Schema(requiredProperties = "refreshToken")
    public record RefreshRequest(
            @Schema(description = "the newest that was given out") String refreshToken) {
        @Override
        public String toString() {
            return "RefreshRequest[]";
        }
    }

    /** Access for a while. */
    public record Token(
            @Schema(description = "for the header Authorization: Bearer ..") String accessToken,
            String tokenType,
            long expiresIn,
            Instant expiresAt,
            String userId,
            @Schema(description = "whether this sign-in made the user") boolean firstSignIn,
            @Schema(description = "gives the next tokens, once; keep it secret")
                    String refreshToken,
            @Schema(description = "names the sign-in in the list of sign-ins") String signInId,
            @Schema(description = "when a wallet has to sign again, at the latest")
                    Instant signInExpiresAt) {
        static Token of(IssuedTokens issued, boolean isFirst) {
            IssuedToken access = issued.access();
            return new Token(
                    access.text(),
                    "Bearer",
                    Duration.between(access.issuedAt(), access.expiresAt()).toSeconds(),
                    access.expiresAt(),
                    issued.user().toString(),
                    isFirst,
                    issued.refresh().text(),
                    issued.signIn().toString(),
                    issued.signInExpiresAt());
        }

        @Override
        public String toString() {
            return "Token[user=" + userId + "]";
        }
    }

    /** Makes the message to sign. */
    @POST
    @Path("/challenge")
    @Operation(
            operationId = "requestChallenge",
            summary = "Ask for a message to sign",
            description =
                    "The message is bound to the address, the chain, this site and a few minutes."
                            + " Asking stores nothing and can be repeated.")
    @RequestBody(
            required = true,
            content =
                    @Content(examples = @ExampleObject(name = "wallet", value = CHALLENGE_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The message",
            content = @Content(schema = @Schema(implementation = Challenge.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    public Challenge challenge(ChallengeRequest request) {
        return challenges.issue(ChallengePurpose.SIGN_IN, request);
    }

    /** Exchanges a signature for a token. */
    @POST
    @Path("/token")
    @Operation(
            operationId = "signIn",
            summary = "Exchange a signed message for an access token and a refresh token",
            description =
                    "The first sign-in of a wallet makes its user and the user's subaccount 0. A"
                            + " client's own message is taken too, if it carries a nonce of a"
                            + " challenge for the same address and chain. Of more sign-ins than a"
                            + " user can have, the longest unused ends.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "signed", value = TOKEN_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Signed in",
            content = @Content(schema = @Schema(implementation = Token.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description =
                    "DOMAIN_MISMATCH, URI_MISMATCH, NONCE_UNKNOWN, MESSAGE_EXPIRED,"
                            + " MESSAGE_NOT_YET_VALID, SIGNATURE_MISMATCH, NONCE_USED")
    public Token token(TokenRequest request) {
        SignInMessage message = Fields.required("message", request.message(), SignInMessage::parse);
        WalletSignature signature =
                Fields.required(
                        "signature",
                        request.signature(),
                        text -> WalletSignature.parse(message.address().kind(), text));
        return switch (signIns.handle(
                new SignIn(request.message(), message, signature, origin.origin()))) {
            case SignedIn signedIn -> Token.of(signedIn.tokens(), signedIn.first());
            case NotSignedIn refused ->
                    throw Problem.of(401, refused.reason().name(), refused.reason().sentence())
                            .exception();
        };
    }

    /** Exchanges a refresh token for its successor. */
    @POST
    @Path("/refresh")
    @Operation(
            operationId = "refreshSignIn",
            summary = "Exchange a refresh token for the next one and an access token",
            description =
                    "A refresh token is good once. A client that got no answer may repeat the"
                            + " request for half a minute and gets the same refresh token. One that"
                            + " comes again later, or after its successor was used, is in two"
                            + " hands: its sign-in ends. A sign-in ends by itself when it is not"
                            + " refreshed for a week, and after 30 days.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "token", value = REFRESH_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The next tokens",
            content = @Content(schema = @Schema(implementation = Token.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description =
                    "REFRESH_TOKEN_INVALID, SIGN_IN_ENDED, SIGN_IN_EXPIRED, REFRESH_TOKEN_REUSED;"
                            + " each asks for a new sign-in")
    public Token refresh(RefreshRequest request) {
        String text =
                Fields.required("refreshToken", request.refreshToken(), RefreshTokens::requireForm);
        return switch (refreshing.handle(new Refresh(text, origin.origin()))) {
            case Refreshed refreshed -> Token.of(refreshed.tokens(), false);
            case NotRefreshed refused ->
                    throw Problem.of(401, refused.reason().name(), refused.reason().sentence())
                            .exception();
        };
    }
}
