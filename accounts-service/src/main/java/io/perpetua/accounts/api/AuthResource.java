package io.perpetua.accounts.api;

import io.perpetua.accounts.app.IssueChallengeHandler;
import io.perpetua.accounts.app.IssueChallengeHandler.IssueChallenge;
import io.perpetua.accounts.app.SignInHandler;
import io.perpetua.accounts.app.SignInHandler.SignIn;
import io.perpetua.accounts.app.SignInHandler.SignInOutcome.NotSignedIn;
import io.perpetua.accounts.app.SignInHandler.SignInOutcome.SignedIn;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.WalletAddress;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
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

/** Sign-in with a wallet: a challenge, and a token for its signature. */
@Path("/v1/auth")
@PermitAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sign-in", description = "A wallet signs a message and gets an access token.")
public class AuthResource {
    private static final long MAINNET = 1;
    private static final long LARGEST_CHAIN_ID = 9_999_999_999_999_999L;

    private static final String CHALLENGE_EXAMPLE =
            "{\"address\":\"0x9D85ca56217D2bb651b00f15e694EB7E713637D4\",\"chainId\":1}";
    private static final String TOKEN_EXAMPLE =
            "{\"message\":\"127.0.0.1:8080 wants you to sign in with your Ethereum account:\\n..\","
                    + "\"signature\":\"0xdc35c7f8..1b\"}";

    private final IssueChallengeHandler challenges;
    private final SignInHandler signIns;

    /** With the handlers of its commands. */
    public AuthResource(IssueChallengeHandler challenges, SignInHandler signIns) {
        this.challenges = challenges;
        this.signIns = signIns;
    }

    /** Which wallet wants to sign in. */
    @Schema(requiredProperties = "address")
    public record ChallengeRequest(
            @Schema(description = "0x and 40 hexadecimal digits; mixed case needs its checksum")
                    String address,
            @Schema(description = "the EIP-155 chain; 1 if absent") @Nullable Long chainId) {}

    /** What to sign. */
    public record Challenge(
            @Schema(description = "the EIP-4361 message, to be signed exactly as it is")
                    String message,
            @Schema(description = "names the challenge; stands in the message") String nonce,
            Instant expiresAt) {}

    /** A signed message. */
    @Schema(requiredProperties = {"message", "signature"})
    public record TokenRequest(
            @Schema(description = "the text that was signed, to the letter") String message,
            @Schema(description = "EIP-191: r, s and v, 65 bytes in hexadecimal digits")
                    String signature) {}

    /** Access for a while. */
    public record Token(
            @Schema(description = "for the header Authorization: Bearer ..") String accessToken,
            String tokenType,
            long expiresIn,
            Instant expiresAt,
            String userId,
            @Schema(description = "whether this sign-in made the user") boolean firstSignIn) {
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
        WalletAddress address = Fields.required("address", request.address(), WalletAddress::parse);
        long chainId = request.chainId() == null ? MAINNET : request.chainId();
        if (chainId < 1 || chainId > LARGEST_CHAIN_ID) {
            throw Problem.fieldInvalid("chainId", "'chainId' is a number from 1 to 10^16 - 1")
                    .exception();
        }
        SignInMessage message = challenges.handle(new IssueChallenge(address, chainId));
        return new Challenge(
                message.text(), message.nonce(), Objects.requireNonNull(message.expiresAt()));
    }

    /** Exchanges a signature for a token. */
    @POST
    @Path("/token")
    @Operation(
            operationId = "signIn",
            summary = "Exchange a signed message for an access token",
            description =
                    "The first sign-in of a wallet makes its user and the user's subaccount 0. A"
                            + " client's own EIP-4361 message is taken too, if it carries a nonce"
                            + " of a challenge for the same address and chain.")
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
                Fields.required("signature", request.signature(), WalletSignature::parse);
        return switch (signIns.handle(new SignIn(request.message(), message, signature))) {
            case SignedIn signedIn ->
                    new Token(
                            signedIn.token().text(),
                            "Bearer",
                            Duration.between(
                                            signedIn.token().issuedAt(),
                                            signedIn.token().expiresAt())
                                    .toSeconds(),
                            signedIn.token().expiresAt(),
                            signedIn.user().toString(),
                            signedIn.first());
            case NotSignedIn refused ->
                    throw Problem.of(401, refused.reason().name(), refused.reason().sentence())
                            .exception();
        };
    }
}
