package io.perpetua.accounts.api;

import io.perpetua.accounts.api.ApprovalView.Approval;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.ChangeAdminHandler;
import io.perpetua.accounts.app.ChangeAdminHandler.Change;
import io.perpetua.accounts.app.ChangeAdminHandler.ChangeAdmin;
import io.perpetua.accounts.app.ChangeAdminHandler.ChangeOutcome;
import io.perpetua.accounts.app.ChangeAdminPasswordHandler;
import io.perpetua.accounts.app.ChangeAdminPasswordHandler.ChangeAdminPassword;
import io.perpetua.accounts.app.ChangeAdminPasswordHandler.PasswordOutcome;
import io.perpetua.accounts.app.OidcSettings;
import io.perpetua.accounts.app.RequestAdminChangeHandler;
import io.perpetua.accounts.app.RequestAdminChangeHandler.RequestAdminChange;
import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.ExternalIdentity;
import io.perpetua.accounts.domain.admin.Password;
import io.perpetua.accounts.domain.approval.AdminChange;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Administrators: the one who asks, and, for super-administrators, all. */
@Path("/v1/admin")
@PermitAll
@SecurityScheme(
        securitySchemeName = AdminFilter.SECURITY,
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        bearerFormat = "JWT",
        description = "an administrator's access token of POST /v1/admin/sign-in")
@SecurityRequirement(name = AdminFilter.SECURITY)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Administrators", description = "Needs an administrator's token.")
public class AdminResource {
    private static final Pattern ID = Pattern.compile("[0-9]{1,16}");
    private static final String REFERENCE =
            "what it settles outside the platform; makes a repeat of the request harmless";
    private static final String REPEATS =
            " A repeat with the same reference and content gets the same request, as far as it has"
                    + " come, with status 200.";
    private static final String MAKE_EXAMPLE =
            "{\"username\":\"ann\",\"role\":\"ADMIN\",\"reason\":\"Joins the night shift\","
                    + "\"reference\":\"ticket-4712\"}";
    private static final String PROMOTE_EXAMPLE =
            "{\"role\":\"SUPER_ADMIN\",\"reason\":\"Takes over from Bob\","
                    + "\"reference\":\"ticket-4713\"}";
    private static final String RESET_EXAMPLE =
            "{\"reason\":\"Lost the phone\",\"reference\":\"ticket-4714\"}";
    private static final String ROLE_EXAMPLE = "{\"role\":\"RISK_MANAGER\"}";
    private static final String IDENTITY_EXAMPLE =
            "{\"issuer\":\"https://id.example.org\",\"subject\":\"248289761001\"}";
    private static final String PASSWORD_EXAMPLE =
            "{\"password\":\"correct horse battery\",\"newPassword\":\"staple battery horse\","
                    + "\"code\":\"123456\"}";

    private final AdminCaller caller;
    private final AdminStore admins;
    private final AdminTransactions transactions;
    private final RequestAdminChangeHandler requests;
    private final ChangeAdminHandler changes;
    private final ChangeAdminPasswordHandler passwords;
    private final OidcSettings oidc;
    private final ApprovalView view;
    private final RequestOrigin origin;

    /** With the handlers of its commands and what it reads. */
    public AdminResource(
            AdminCaller caller,
            AdminStore admins,
            AdminTransactions transactions,
            RequestAdminChangeHandler requests,
            ChangeAdminHandler changes,
            ChangeAdminPasswordHandler passwords,
            OidcSettings oidc,
            ApprovalView view,
            RequestOrigin origin) {
        this.caller = caller;
        this.admins = admins;
        this.transactions = transactions;
        this.requests = requests;
        this.changes = changes;
        this.passwords = passwords;
        this.oidc = oidc;
        this.view = view;
        this.origin = origin;
    }

    /** An administrator. */
    public record Admin(
            String id,
            String username,
            AdminRole role,
            List<AdminPermission> permissions,
            AdminState state,
            @Nullable AdminIdentity identity,
            Instant createdAt,
            @Nullable Instant lastSignInAt) {}

    /** Who an administrator is to the OpenID provider. */
    @Schema(requiredProperties = {"issuer", "subject"})
    public record AdminIdentity(
            @Schema(description = "the platform's provider, as it names itself") String issuer,
            @Schema(
                            description =
                                    "the provider's own name for them, the claim sub: 1 to 255"
                                            + " printable ASCII characters")
                    String subject) {}

    /** All administrators. */
    public record Admins(List<Admin> items) {}

    /** Who is to be made. */
    @Schema(requiredProperties = {"username", "role", "reason", "reference"})
    public record NewAdmin(
            @Schema(description = "3 to 32 lower-case letters, digits and ._-") String username,
            AdminRole role,
            @Schema(description = "1 to 500 printable characters") String reason,
            @Schema(pattern = Texts.REFERENCE_PATTERN, description = REFERENCE) String reference) {}

    /** Who is to get a role that may do more. */
    @Schema(requiredProperties = {"role", "reason", "reference"})
    public record AdminPromotion(
            AdminRole role,
            @Schema(description = "1 to 500 printable characters") String reason,
            @Schema(pattern = Texts.REFERENCE_PATTERN, description = REFERENCE) String reference) {}

    /** Why somebody is to enrol anew. */
    @Schema(requiredProperties = {"reason", "reference"})
    public record AdminReset(
            @Schema(description = "1 to 500 printable characters") String reason,
            @Schema(pattern = Texts.REFERENCE_PATTERN, description = REFERENCE) String reference) {}

    /** Another role. */
    @Schema(requiredProperties = "role")
    public record RoleChange(AdminRole role) {}

    /** Another password. */
    @Schema(requiredProperties = {"password", "newPassword", "code"})
    public record PasswordChange(
            String password,
            @Schema(description = "12 to 128 characters") String newPassword,
            @Schema(description = "of the authenticator app, 6 digits") String code) {
        @Override
        public String toString() {
            return "PasswordChange[]";
        }
    }

    /** The caller. */
    @GET
    @Path("/me")
    @RequiresPermission(AdminPermission.USE_OWN_ACCOUNT)
    @Operation(operationId = "getAdminMe", summary = "The administrator who asks")
    @APIResponse(
            responseCode = "200",
            description = "The administrator",
            content = @Content(schema = @Schema(implementation = Admin.class)))
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Admin me() {
        return shown(caller.admin());
    }

    /** Changes the caller's password. Nothing but a problem has a body, as in removing an agent. */
    @POST
    @Path("/me/password")
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    @RequiresPermission(AdminPermission.USE_OWN_ACCOUNT)
    @Operation(operationId = "changeAdminPassword", summary = "Change the own password")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = PASSWORD_EXAMPLE)))
    @APIResponse(responseCode = "204", description = "Changed: sign in again")
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, SIGN_IN_REFUSED")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "429", description = "ATTEMPTS_EXHAUSTED")
    public RestResponse<Void> password(PasswordChange request) {
        Password old = Fields.required("password", request.password(), Password::parse);
        Password fresh = Fields.required("newPassword", request.newPassword(), Password::parse);
        String code = Fields.required("code", request.code(), AdminSignInResource::code);
        return switch (passwords.handle(
                new ChangeAdminPassword(caller.admin(), old, fresh, code, origin.origin()))) {
            case PasswordOutcome.Changed _ -> RestResponse.noContent();
            case PasswordOutcome.Refused _ -> throw AdminSignInResource.refused();
            case PasswordOutcome.Blocked blocked ->
                    throw AdminSignInResource.exhausted(blocked.remaining());
        };
    }

    /** All of them. */
    @GET
    @Path("/admins")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(operationId = "listAdmins", summary = "All administrators")
    @APIResponse(
            responseCode = "200",
            description = "The administrators",
            content = @Content(schema = @Schema(implementation = Admins.class)))
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Admins list() {
        return new Admins(
                transactions.call(caller.id(), admins::list).stream()
                        .map(AdminResource::shown)
                        .toList());
    }

    /** Asks for one to be made. */
    @POST
    @Path("/admins")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "requestAdmin",
            summary = "Ask for an administrator to be made",
            description =
                    "Nobody is made until another administrator approves, see Approvals. Both then"
                            + " take their parts of the token to enrol with."
                            + REPEATS)
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = MAKE_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Open",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(
            responseCode = "200",
            description = "Asked for before",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(
            responseCode = "409",
            description =
                    "USERNAME_TAKEN, REFERENCE_REUSED,"
                            + " REQUESTER_NOT_ENTITLED: the caller may not any more")
    @APIResponse(responseCode = "422", description = "APPROVALS_EXHAUSTED")
    public RestResponse<Approval> make(NewAdmin request) {
        AdminName name = Fields.required("username", request.username(), AdminName::new);
        return ask(
                new AdminChange.Making(name, request.role()),
                request.reason(),
                request.reference());
    }

    /** Asks for a role that may do more. */
    @POST
    @Path("/admins/{adminId}/promotion")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "requestAdminPromotion",
            summary = "Ask for an administrator to get a role that may do more",
            description = "Nothing changes until another administrator approves." + REPEATS)
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = PROMOTE_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Open",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(
            responseCode = "200",
            description = "Asked for before",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description =
                    "REFERENCE_REUSED, NO_PROMOTION: one suffices for the role,"
                            + " REQUESTER_NOT_ENTITLED: the caller may not any more")
    @APIResponse(responseCode = "422", description = "APPROVALS_EXHAUSTED")
    public RestResponse<Approval> promote(
            @PathParam("adminId") String adminId, AdminPromotion request) {
        long id = Fields.required("adminId", adminId, AdminResource::id);
        return ask(
                new AdminChange.Promotion(id, request.role()),
                request.reason(),
                request.reference());
    }

    /** Asks for secrets to be taken away. */
    @POST
    @Path("/admins/{adminId}/reset")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "requestAdminReset",
            summary = "Ask for an administrator's password and one-time codes to be voided",
            description =
                    "Nothing changes until another administrator approves; then they enrol anew, as"
                            + " one who was made, and whatever they have asked for and nobody has"
                            + " decided is rejected. Nobody asks for their own: another"
                            + " administrator has to. Whoever is to be kept out at once is disabled,"
                            + " for which one suffices."
                            + REPEATS)
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = RESET_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Open",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(
            responseCode = "200",
            description = "Asked for before",
            content = @Content(schema = @Schema(implementation = Approval.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description =
                    "REFERENCE_REUSED, OWN_CASE: another administrator has to ask for one's own,"
                            + " REQUESTER_NOT_ENTITLED: the caller may not any more")
    @APIResponse(responseCode = "422", description = "APPROVALS_EXHAUSTED")
    public RestResponse<Approval> reset(@PathParam("adminId") String adminId, AdminReset request) {
        long id = Fields.required("adminId", adminId, AdminResource::id);
        return ask(new AdminChange.Reset(id), request.reason(), request.reference());
    }

    private RestResponse<Approval> ask(AdminChange change, String why, String wantedReference) {
        String reason =
                Fields.required(
                        "reason", why, text -> Texts.line(text, ApprovalView.LONGEST_REASON));
        String reference = Fields.required("reference", wantedReference, Texts::reference);
        return view.answered(
                requests.handle(
                        new RequestAdminChange(
                                caller.id(), change, reason, reference, origin.origin())),
                AdminResource::unknown);
    }

    /** Changes a role. */
    @PUT
    @Path("/admins/{adminId}/role")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "changeAdminRole",
            summary = "Give an administrator a role that may do nothing more",
            description = "One that may do more takes two: ask for a promotion.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = ROLE_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Changed",
            content = @Content(schema = @Schema(implementation = Admin.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "LAST_SUPER_ADMIN, PROMOTION_TAKES_TWO: the role may do more")
    public Admin role(@PathParam("adminId") String adminId, RoleChange request) {
        return shown(change(adminId, new Change.Role(request.role())).admin());
    }

    /** Disables one. */
    @POST
    @Path("/admins/{adminId}/disable")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(operationId = "disableAdmin", summary = "Keep an administrator from signing in")
    @APIResponse(
            responseCode = "200",
            description = "Disabled",
            content = @Content(schema = @Schema(implementation = Admin.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    @APIResponse(responseCode = "409", description = "LAST_SUPER_ADMIN")
    public Admin disable(@PathParam("adminId") String adminId) {
        return shown(change(adminId, new Change.Disable()).admin());
    }

    /** Links an identity. */
    @PUT
    @Path("/admins/{adminId}/identity")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "linkAdminIdentity",
            summary = "Say who an administrator is to the OpenID provider",
            description =
                    "An ID token of that issuer and subject then takes the place of their password."
                            + " Their earlier tokens are void.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = IDENTITY_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "Linked",
            content = @Content(schema = @Schema(implementation = Admin.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "IDENTITY_TAKEN: it is another administrator's")
    public Admin identity(@PathParam("adminId") String adminId, AdminIdentity request) {
        URI issuer = Fields.required("issuer", request.issuer(), this::issuer);
        ExternalIdentity identity =
                Fields.required(
                        "subject",
                        request.subject(),
                        subject -> new ExternalIdentity(issuer, subject));
        return shown(change(adminId, new Change.Identity(identity)).admin());
    }

    private URI issuer(String text) {
        return oidc.provider()
                .map(OidcSettings.Provider::issuer)
                .filter(issuer -> issuer.toString().equals(text))
                .orElseThrow(
                        () -> new IllegalArgumentException("not the platform's OpenID provider"));
    }

    /** Takes it away. */
    @DELETE
    @Path("/admins/{adminId}/identity")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "unlinkAdminIdentity",
            summary = "Let an administrator sign in by password alone",
            description = "Their earlier tokens are void.")
    @APIResponse(
            responseCode = "200",
            description = "The administrator",
            content = @Content(schema = @Schema(implementation = Admin.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    public Admin unlink(@PathParam("adminId") String adminId) {
        return shown(change(adminId, new Change.Identity(null)).admin());
    }

    private ChangeOutcome.Changed change(String adminId, Change change) {
        long id = Fields.required("adminId", adminId, AdminResource::id);
        return switch (changes.handle(new ChangeAdmin(caller.id(), id, change, origin.origin()))) {
            case ChangeOutcome.Changed changed -> changed;
            case ChangeOutcome.Unknown _ -> throw unknown();
            case ChangeOutcome.TakesTwo _ ->
                    throw Problem.conflict(
                                    "PROMOTION_TAKES_TWO",
                                    "the role may do more than theirs; ask by POST"
                                            + " /v1/admin/admins/{adminId}/promotion")
                            .at("role")
                            .exception();
            case ChangeOutcome.IdentityTaken _ ->
                    throw Problem.conflict(
                                    "IDENTITY_TAKEN", "the identity is another administrator's")
                            .at("subject")
                            .exception();
            case ChangeOutcome.LastSuperAdmin _ ->
                    throw Problem.conflict(
                                    "LAST_SUPER_ADMIN",
                                    "one super-administrator who can sign in always remains")
                            .exception();
        };
    }

    private static RuntimeException unknown() {
        return Problem.notFound("ADMIN_UNKNOWN", "there is no such administrator")
                .at("adminId")
                .exception();
    }

    private static long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("an id has 1 to 16 digits");
        }
        return Long.parseLong(text);
    }

    static Admin shown(AdminRow row) {
        ExternalIdentity identity = row.secrets().identity();
        return new Admin(
                Long.toString(row.id()),
                row.username().value(),
                row.role(),
                row.role().permissions().stream().sorted().toList(),
                row.state(),
                identity == null
                        ? null
                        : new AdminIdentity(identity.issuer().toString(), identity.subject()),
                row.createdAt(),
                row.lastSignInAt());
    }
}
