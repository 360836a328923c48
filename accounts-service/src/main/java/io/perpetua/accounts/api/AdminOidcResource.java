package io.perpetua.accounts.api;

import io.perpetua.accounts.api.AdminSignInResource.AdminToken;
import io.perpetua.accounts.app.OidcSettings;
import io.perpetua.accounts.app.OidcSignInHandler;
import io.perpetua.accounts.app.OidcSignInHandler.OidcSignIn;
import io.perpetua.accounts.domain.signin.SignInNonce;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How administrators sign in by the platform's OpenID provider, where it has one. */
@Path("/v1/admin/oidc")
@PermitAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Administrators' sign-in")
public class AdminOidcResource {
    private static final String SIGN_IN_EXAMPLE =
            "{\"idToken\":\"eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uIn0.eyJpc3MiOiIuLiJ9.c2ln\","
                    + "\"code\":\"123456\"}";
    private static final int LONGEST_TOKEN = 8_192;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]+");

    private final OidcSettings settings;
    private final OidcSignInHandler signIns;
    private final RequestOrigin origin;
    private final Clock clock;

    /** With the handler of its command and what it reads. */
    public AdminOidcResource(
            OidcSettings settings, OidcSignInHandler signIns, RequestOrigin origin, Clock clock) {
        this.settings = settings;
        this.signIns = signIns;
        this.origin = origin;
        this.clock = clock;
    }

    /** What the provider is to be asked for. */
    public record OidcChallenge(
            @Schema(description = "the provider, as it names itself") String issuer,
            @Schema(description = "what this platform is to it") String clientId,
            @Schema(description = "to be a claim of the ID token; good for one attempt")
                    String nonce,
            Instant expiresAt) {}

    /** What somebody proves themselves by. */
    @Schema(requiredProperties = {"idToken", "code"})
    public record OidcSignInRequest(
            @Schema(
                            description =
                                    "of the provider, signed by RS256 or ES256, at most 10 minutes old")
                    String idToken,
            @Schema(description = "of the authenticator app: 6 digits, each used once")
                    String code) {
        @Override
        public String toString() {
            return "OidcSignInRequest[]";
        }
    }

    /** Gives a nonce. */
    @POST
    @Path("/challenge")
    @Operation(
            operationId = "requestAdminOidcChallenge",
            summary = "Ask for the nonce of an ID token",
            description = "Asking stores nothing and can be repeated.")
    @APIResponse(
            responseCode = "200",
            description = "The provider and the nonce",
            content = @Content(schema = @Schema(implementation = OidcChallenge.class)))
    @APIResponse(
            responseCode = "403",
            description = "OIDC_DISABLED: administrators sign in by password")
    public OidcChallenge challenge() {
        OidcSettings.Provider provider = provider();
        SignInNonce nonce = settings.nonce(clock.instant());
        return new OidcChallenge(
                provider.issuer().toString(), provider.clientId(), nonce.text(), nonce.expiresAt());
    }

    /** Signs an administrator in. */
    @POST
    @Path("/sign-in")
    @Operation(
            operationId = "signInAdminByOidc",
            summary = "Sign an administrator in by an ID token and a one-time code",
            description =
                    "The token takes the place of the password; its issuer and subject must be those"
                            + " that a super-administrator has linked to them. The answer is as for"
                            + " a sign-in by password.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = SIGN_IN_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Signed in",
            content = @Content(schema = @Schema(implementation = AdminToken.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "SIGN_IN_REFUSED: token or code is wrong")
    @APIResponse(
            responseCode = "403",
            description = "OIDC_DISABLED: administrators sign in by password")
    @APIResponse(
            responseCode = "429",
            description = "ATTEMPTS_EXHAUSTED: too many attempts of the name or the address failed")
    @APIResponse(
            responseCode = "503",
            description = "OIDC_UNAVAILABLE: the provider does not tell its keys now")
    public AdminToken signIn(OidcSignInRequest request) {
        OidcSettings.Provider provider = provider();
        String idToken = Fields.required("idToken", request.idToken(), AdminOidcResource::token);
        String code = Fields.required("code", request.code(), AdminSignInResource::code);
        return AdminSignInResource.answer(
                signIns.handle(new OidcSignIn(provider, idToken, code, origin.origin())));
    }

    private OidcSettings.Provider provider() {
        return settings.provider()
                .orElseThrow(
                        () ->
                                Problem.of(
                                                403,
                                                "OIDC_DISABLED",
                                                "administrators sign in by password here")
                                        .exception());
    }

    private static String token(String text) {
        if (text.length() > LONGEST_TOKEN || !TOKEN.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a token has three parts in base64url, up to " + LONGEST_TOKEN + " characters");
        }
        return text;
    }
}
