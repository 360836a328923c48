package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AdminSignInHandler;
import io.perpetua.accounts.app.AdminSignInHandler.AdminSignIn;
import io.perpetua.accounts.app.AdminSignInHandler.AdminSignInOutcome;
import io.perpetua.accounts.app.EnrolAdminHandler;
import io.perpetua.accounts.app.EnrolAdminHandler.EnrolAdmin;
import io.perpetua.accounts.app.EnrolAdminHandler.EnrolmentOutcome;
import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.Password;
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
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.Cache;

/** How administrators sign in, and how they come to be able to. */
@Path("/v1/admin")
@PermitAll
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Administrators' sign-in", description = "A password and a one-time code.")
public class AdminSignInResource {
    private static final String SIGN_IN_EXAMPLE =
            "{\"username\":\"root\",\"password\":\"correct horse battery\",\"code\":\"123456\"}";
    private static final String ENROL_EXAMPLE =
            "{\"username\":\"root\",\"token\":\"mV3..\",\"password\":\"correct horse battery\"}";
    private static final String CONFIRM_EXAMPLE =
            "{\"username\":\"root\",\"token\":\"mV3..\",\"code\":\"123456\"}";
    private static final int LONGEST_TOKEN = 128;
    private static final Pattern CODE = Pattern.compile("[0-9]{6}");

    private final AdminSignInHandler signIns;
    private final EnrolAdminHandler enrolments;
    private final RequestOrigin origin;

    /** With the handlers of its commands. */
    public AdminSignInResource(
            AdminSignInHandler signIns, EnrolAdminHandler enrolments, RequestOrigin origin) {
        this.signIns = signIns;
        this.enrolments = enrolments;
        this.origin = origin;
    }

    /** Who somebody claims to be. */
    @Schema(requiredProperties = {"username", "password", "code"})
    public record AdminSignInRequest(
            String username,
            String password,
            @Schema(description = "of the authenticator app: 6 digits, each used once")
                    String code) {
        @Override
        public String toString() {
            return "AdminSignInRequest[]";
        }
    }

    /** Access for a while. */
    public record AdminToken(
            @Schema(description = "for the header Authorization: Bearer ..") String accessToken,
            String tokenType,
            Instant expiresAt,
            String adminId,
            AdminRole role) {
        @Override
        public String toString() {
            return "AdminToken[]";
        }
    }

    /** The first step of an enrolment. */
    @Schema(requiredProperties = {"username", "token", "password"})
    public record EnrolmentRequest(
            String username,
            @Schema(
                            description =
                                    "the parts that two administrators handed out, one after the"
                                            + " other; or the operator's secret, for the first")
                    String token,
            @Schema(description = "12 to 128 characters") String password) {
        @Override
        public String toString() {
            return "EnrolmentRequest[]";
        }
    }

    /** What the authenticator app is to know. */
    public record EnrolmentStep(
            @Schema(description = "shown this once; holds the secret of the codes")
                    String totpUri) {
        @Override
        public String toString() {
            return "EnrolmentStep[]";
        }
    }

    /** The second step of an enrolment. */
    @Schema(requiredProperties = {"username", "token", "code"})
    public record EnrolmentConfirmation(
            String username,
            String token,
            @Schema(description = "of the authenticator app, 6 digits") String code) {
        @Override
        public String toString() {
            return "EnrolmentConfirmation[]";
        }
    }

    /** An administrator who can sign in now. */
    public record EnrolledAdmin(String id, String username, AdminRole role) {}

    /** Signs an administrator in. */
    @POST
    @Path("/sign-in")
    @Operation(
            operationId = "signInAdmin",
            summary = "Sign an administrator in",
            description = "The token is short-lived and no token of a user.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = SIGN_IN_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Signed in",
            content = @Content(schema = @Schema(implementation = AdminToken.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "SIGN_IN_REFUSED: name, password or code is wrong")
    @APIResponse(
            responseCode = "429",
            description = "ATTEMPTS_EXHAUSTED: too many attempts of the name or the address failed")
    public AdminToken signIn(AdminSignInRequest request) {
        AdminName name = Fields.required("username", request.username(), AdminName::new);
        Password password = Fields.required("password", request.password(), Password::parse);
        String code = Fields.required("code", request.code(), AdminSignInResource::code);
        return answer(signIns.handle(new AdminSignIn(name, password, code, origin.origin())));
    }

    static AdminToken answer(AdminSignInOutcome outcome) {
        return switch (outcome) {
            case AdminSignInOutcome.SignedIn signedIn ->
                    new AdminToken(
                            signedIn.token().text(),
                            "Bearer",
                            signedIn.token().expiresAt(),
                            Long.toString(signedIn.admin().id()),
                            signedIn.admin().role());
            case AdminSignInOutcome.Refused _ -> throw refused();
            case AdminSignInOutcome.Blocked blocked -> throw exhausted(blocked.remaining());
        };
    }

    /** Takes a password, gives the secret of one-time codes. */
    @POST
    @Path("/enrolments")
    @Cache(noStore = true)
    @Operation(
            operationId = "beginAdminEnrolment",
            summary = "Choose a password and get the secret of one-time codes",
            description =
                    "While there has been no administrator, the bootstrap secret makes the first.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = ENROL_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The secret",
            content = @Content(schema = @Schema(implementation = EnrolmentStep.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "SIGN_IN_REFUSED")
    @APIResponse(responseCode = "429", description = "ATTEMPTS_EXHAUSTED")
    public EnrolmentStep enrol(EnrolmentRequest request) {
        AdminName name = Fields.required("username", request.username(), AdminName::new);
        String token =
                Fields.required("token", request.token(), text -> Texts.word(text, LONGEST_TOKEN));
        Password password = Fields.required("password", request.password(), Password::parse);
        EnrolAdmin command = new EnrolAdmin(name, token, password, null, origin.origin());
        return switch (enrolments.handle(command)) {
            case EnrolmentOutcome.Begun begun -> new EnrolmentStep(begun.totpUri());
            case EnrolmentOutcome.Confirmed _ -> throw refused();
            case EnrolmentOutcome.Refused _ -> throw refused();
            case EnrolmentOutcome.Blocked blocked -> throw exhausted(blocked.remaining());
        };
    }

    /** Takes a code of the new secret. */
    @POST
    @Path("/enrolments/confirm")
    @Operation(
            operationId = "confirmAdminEnrolment",
            summary = "Confirm the secret by a code, which uses the token up")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = CONFIRM_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Enrolled",
            content = @Content(schema = @Schema(implementation = EnrolledAdmin.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "SIGN_IN_REFUSED")
    @APIResponse(responseCode = "429", description = "ATTEMPTS_EXHAUSTED")
    public EnrolledAdmin confirm(EnrolmentConfirmation request) {
        AdminName name = Fields.required("username", request.username(), AdminName::new);
        String token =
                Fields.required("token", request.token(), text -> Texts.word(text, LONGEST_TOKEN));
        String code = Fields.required("code", request.code(), AdminSignInResource::code);
        EnrolAdmin command = new EnrolAdmin(name, token, null, code, origin.origin());
        return switch (enrolments.handle(command)) {
            case EnrolmentOutcome.Confirmed confirmed ->
                    new EnrolledAdmin(
                            Long.toString(confirmed.admin().id()),
                            confirmed.admin().username().value(),
                            confirmed.admin().role());
            case EnrolmentOutcome.Begun _ -> throw refused();
            case EnrolmentOutcome.Refused _ -> throw refused();
            case EnrolmentOutcome.Blocked blocked -> throw exhausted(blocked.remaining());
        };
    }

    static String code(String text) {
        if (!CODE.matcher(text).matches()) {
            throw new IllegalArgumentException("a code has 6 digits");
        }
        return text;
    }

    static RuntimeException refused() {
        return Problem.of(401, "SIGN_IN_REFUSED", "name, password, token or code is wrong")
                .exception();
    }

    static RuntimeException exhausted(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        return Problem.of(
                        429,
                        "ATTEMPTS_EXHAUSTED",
                        "too many attempts failed: wait " + seconds + " seconds")
                .exception(seconds);
    }
}
