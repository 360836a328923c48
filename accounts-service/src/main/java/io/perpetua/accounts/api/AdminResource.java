package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.ChangeAdminHandler;
import io.perpetua.accounts.app.ChangeAdminHandler.Change;
import io.perpetua.accounts.app.ChangeAdminHandler.ChangeAdmin;
import io.perpetua.accounts.app.ChangeAdminHandler.ChangeOutcome;
import io.perpetua.accounts.app.ChangeAdminPasswordHandler;
import io.perpetua.accounts.app.ChangeAdminPasswordHandler.ChangeAdminPassword;
import io.perpetua.accounts.app.ChangeAdminPasswordHandler.PasswordOutcome;
import io.perpetua.accounts.app.MakeAdminHandler;
import io.perpetua.accounts.app.MakeAdminHandler.MakeAdmin;
import io.perpetua.accounts.app.OidcSettings;
import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.ExternalIdentity;
import io.perpetua.accounts.domain.admin.Password;
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
    private static final String MAKE_EXAMPLE = "{\"username\":\"ann\",\"role\":\"ADMIN\"}";
    private static final String ROLE_EXAMPLE = "{\"role\":\"RISK_MANAGER\"}";
    private static final String IDENTITY_EXAMPLE =
            "{\"issuer\":\"https://id.example.org\",\"subject\":\"248289761001\"}";
    private static final String PASSWORD_EXAMPLE =
            "{\"password\":\"correct horse battery\",\"newPassword\":\"staple battery horse\","
                    + "\"code\":\"123456\"}";

    private final AdminCaller caller;
    private final AdminStore admins;
    private final AdminTransactions transactions;
    private final MakeAdminHandler making;
    private final ChangeAdminHandler changes;
    private final ChangeAdminPasswordHandler passwords;
    private final OidcSettings oidc;
    private final RequestOrigin origin;

    /** With the handlers of its commands and what it reads. */
    public AdminResource(
            AdminCaller caller,
            AdminStore admins,
            AdminTransactions transactions,
            MakeAdminHandler making,
            ChangeAdminHandler changes,
            ChangeAdminPasswordHandler passwords,
            OidcSettings oidc,
            RequestOrigin origin) {
        this.caller = caller;
        this.admins = admins;
        this.transactions = transactions;
        this.making = making;
        this.changes = changes;
        this.passwords = passwords;
        this.oidc = oidc;
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
    @Schema(requiredProperties = {"username", "role"})
    public record NewAdmin(
            @Schema(description = "3 to 32 lower-case letters, digits and ._-") String username,
            AdminRole role) {}

    /** An administrator who is to enrol. */
    public record AdminEnrolment(
            Admin admin,
            @Schema(description = "shown this once") String enrolmentToken,
            Instant expiresAt) {
        @Override
        public String toString() {
            return "AdminEnrolment[]";
        }
    }

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

    /** Makes one. */
    @POST
    @Path("/admins")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "makeAdmin",
            summary = "Make an administrator, who enrols with the token")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = MAKE_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Made",
            content = @Content(schema = @Schema(implementation = AdminEnrolment.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "409", description = "USERNAME_TAKEN")
    public RestResponse<AdminEnrolment> make(NewAdmin request) {
        AdminName name = Fields.required("username", request.username(), AdminName::new);
        return making.handle(new MakeAdmin(caller.id(), name, request.role(), origin.origin()))
                .map(
                        made ->
                                RestResponse.status(
                                        RestResponse.Status.CREATED,
                                        new AdminEnrolment(
                                                shown(made.admin()),
                                                made.token(),
                                                made.expiresAt())))
                .orElseThrow(
                        () ->
                                Problem.conflict("USERNAME_TAKEN", "the name is taken")
                                        .at("username")
                                        .exception());
    }

    /** Changes a role. */
    @PUT
    @Path("/admins/{adminId}/role")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(operationId = "changeAdminRole", summary = "Change an administrator's role")
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
    @APIResponse(responseCode = "409", description = "LAST_SUPER_ADMIN")
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

    /** Takes secrets away. */
    @POST
    @Path("/admins/{adminId}/reset")
    @RequiresPermission(AdminPermission.MANAGE_ADMINS)
    @Operation(
            operationId = "resetAdmin",
            summary = "Void an administrator's password and one-time codes, to enrol anew")
    @APIResponse(
            responseCode = "200",
            description = "Reset",
            content = @Content(schema = @Schema(implementation = AdminEnrolment.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "ADMIN_UNKNOWN")
    @APIResponse(responseCode = "409", description = "LAST_SUPER_ADMIN")
    public AdminEnrolment reset(@PathParam("adminId") String adminId) {
        ChangeOutcome.Changed changed = change(adminId, new Change.Reset());
        String token = changed.token();
        Instant expiresAt = changed.expiresAt();
        if (token == null || expiresAt == null) {
            throw new IllegalStateException("a reset hands out a token");
        }
        return new AdminEnrolment(shown(changed.admin()), token, expiresAt);
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
            case ChangeOutcome.Unknown _ ->
                    throw Problem.notFound("ADMIN_UNKNOWN", "there is no such administrator")
                            .at("adminId")
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

    private static long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("an id has 1 to 16 digits");
        }
        return Long.parseLong(text);
    }

    private static Admin shown(AdminRow row) {
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
