package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.ChangeUserHandler;
import io.perpetua.accounts.app.ChangeUserHandler.ChangeUser;
import io.perpetua.accounts.app.ChangeUserHandler.UserOutcome;
import io.perpetua.accounts.app.SuspendUserHandler;
import io.perpetua.accounts.app.SuspendUserHandler.SuspendUser;
import io.perpetua.accounts.app.SuspendUserHandler.SuspensionOutcome;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.user.EmailAddress;
import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.RiskLevel;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.domain.user.Username;
import io.perpetua.accounts.persistence.AdminUserStore;
import io.perpetua.accounts.persistence.AdminUserStore.HeldBalance;
import io.perpetua.accounts.persistence.AdminUserStore.UserFilter;
import io.perpetua.accounts.persistence.AdminUserStore.UserStanding;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Users as administrators see them. */
@Path("/v1/admin/users")
@PermitAll
@SecurityRequirement(name = AdminFilter.SECURITY)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Users, for administrators", description = "Needs an administrator's token.")
public class AdminUserResource {
    private static final String KYC_EXAMPLE = "{\"status\":\"VERIFIED\"}";
    private static final String RISK_EXAMPLE = "{\"riskLevel\":\"HIGH\",\"tradingTier\":1}";
    private static final String SUSPENSION_EXAMPLE =
            "{\"suspended\":true,\"reason\":\"order of court 17-3\"}";
    private static final String SEARCH_EXAMPLE = "{\"email\":\"satoshi@example.org\"}";
    private static final Pattern REASON = Pattern.compile("[\\x20-\\x7e]{1,500}");
    private static final int HIGHEST_TIER = 9;

    private final AdminCaller caller;
    private final AdminUserStore users;
    private final ChangeUserHandler changes;
    private final SuspendUserHandler suspensions;
    private final AdminTransactions transactions;
    private final RequestOrigin origin;

    /** With the handler of its command and what it reads. */
    public AdminUserResource(
            AdminCaller caller,
            AdminUserStore users,
            ChangeUserHandler changes,
            SuspendUserHandler suspensions,
            AdminTransactions transactions,
            RequestOrigin origin) {
        this.caller = caller;
        this.users = users;
        this.changes = changes;
        this.suspensions = suspensions;
        this.transactions = transactions;
        this.origin = origin;
    }

    /** A user. */
    public record ListedUser(
            String id,
            Instant createdAt,
            Instant lastSignInAt,
            KycStatus kycStatus,
            RiskLevel riskLevel,
            int tradingTier,
            UserState state,
            @Nullable Instant suspendedAt,
            @Nullable String suspensionReason,
            @Nullable String username,
            @Schema(description = "as the user gave it; nobody has verified it")
                    @Nullable String email,
            @Schema(description = "null of a deleted user") @Nullable String referralCode,
            @Schema(description = "the user who brought this one") @Nullable String referrerId) {
        @Override
        public String toString() {
            return "ListedUser[" + id + "]";
        }
    }

    /** Whom to look for. */
    @Schema(requiredProperties = "email")
    public record UserSearch(@Schema(description = "whatever its case") String email) {
        @Override
        public String toString() {
            return "UserSearch[]";
        }
    }

    /** A decision whether a user is suspended. */
    @Schema(requiredProperties = {"suspended", "reason"})
    public record SuspensionDecision(
            boolean suspended,
            @Schema(description = "1 to 500 printable characters, for the audit log and the file")
                    String reason) {}

    /** A user with what they have. */
    public record UserFile(ListedUser user, List<String> wallets, List<UserBalance> balances) {}

    /** What a subaccount holds. */
    public record UserBalance(String subaccountId, String name, String asset, String balance) {}

    /** A decision on who the user is said to be. */
    @Schema(requiredProperties = "status")
    public record KycDecision(KycStatus status) {}

    /** A decision on how the user is watched; what is absent stays. */
    public record RiskDecision(
            @Nullable RiskLevel riskLevel,
            @Schema(description = "0 to 9") @Nullable Integer tradingTier) {}

    /** A page of them. */
    @GET
    @RequiresPermission(AdminPermission.READ_USERS)
    @Operation(operationId = "listUsers", summary = "Users, newest first")
    @APIResponse(responseCode = "200", description = "A page of users")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Page<ListedUser> list(
            @Parameter(description = "only with this status") @QueryParam("kycStatus")
                    @Nullable String kycStatus,
            @Parameter(description = "only of this level") @QueryParam("riskLevel")
                    @Nullable String riskLevel,
            @Parameter(description = "only in this state") @QueryParam("state")
                    @Nullable String state,
            @Parameter(description = "true: only suspended ones; false: only others")
                    @QueryParam("suspended")
                    @Nullable String suspended,
            @Parameter(description = "only the one with this name, whatever its case")
                    @QueryParam("username")
                    @Nullable String username,
            @Parameter(description = "only the one with this wallet") @QueryParam("wallet")
                    @Nullable String wallet,
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        Wallet address = Fields.optional("wallet", wallet, Wallet::parse);
        UserFilter filter =
                new UserFilter(
                        Fields.optional("kycStatus", kycStatus, KycStatus.class),
                        Fields.optional("riskLevel", riskLevel, RiskLevel.class),
                        Fields.optional("state", state, UserState.class),
                        Fields.optional("suspended", suspended, AdminUserResource::truth),
                        address == null ? null : address.stored(),
                        Fields.optional("username", username, Username::new),
                        null);
        List<UserStanding> rows =
                transactions.call(caller.id(), tx -> users.page(tx, page, filter));
        return Page.of(
                page,
                rows,
                AdminUserResource::shown,
                row -> new Cursor(row.createdAt().toEpochMilli(), row.user().value()));
    }

    /** Those with an e-mail address; in the body, since addresses of requests end up in logs. */
    @POST
    @Path("/search")
    @RequiresPermission(AdminPermission.READ_USERS)
    @Operation(
            operationId = "searchUsers",
            summary = "Users with an e-mail address, newest first",
            description = "The first 50; nobody verifies addresses, so several can have one.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "email", value = SEARCH_EXAMPLE)))
    @APIResponse(responseCode = "200", description = "The users")
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Page<ListedUser> search(UserSearch search) {
        EmailAddress email = Fields.required("email", search.email(), EmailAddress::new);
        PageRequest page = PageRequest.of(null, null);
        List<UserStanding> rows =
                transactions.call(caller.id(), tx -> users.page(tx, page, UserFilter.with(email)));
        return new Page<>(
                rows.stream().limit(page.limit()).map(AdminUserResource::shown).toList(), null);
    }

    /** One of them. */
    @GET
    @Path("/{userId}")
    @RequiresPermission(AdminPermission.READ_USERS)
    @Operation(operationId = "getUser", summary = "A user with wallets and balances")
    @APIResponse(
            responseCode = "200",
            description = "The user",
            content = @Content(schema = @Schema(implementation = UserFile.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN")
    public UserFile get(@PathParam("userId") String userId) {
        UserId id = Fields.required("userId", userId, UserId::parse);
        return transactions.call(
                caller.id(),
                tx ->
                        new UserFile(
                                shown(users.find(tx, id).orElseThrow(AdminUserResource::unknown)),
                                users.wallets(tx, id).stream()
                                        .map(text -> Wallet.parse(text).shown())
                                        .toList(),
                                users.balances(tx, id).stream()
                                        .map(AdminUserResource::shown)
                                        .toList()));
    }

    /** Decides on who the user is said to be. */
    @PUT
    @Path("/{userId}/kyc")
    @RequiresPermission(AdminPermission.CHANGE_KYC)
    @Operation(
            operationId = "decideKyc",
            summary = "Change a user's KYC status",
            description =
                    "PENDING may become VERIFIED or REJECTED, VERIFIED SUSPENDED, SUSPENDED VERIFIED or REJECTED, REJECTED PENDING.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = KYC_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The user",
            content = @Content(schema = @Schema(implementation = ListedUser.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "KYC_TRANSITION_REFUSED: names what may follow")
    public ListedUser kyc(@PathParam("userId") String userId, KycDecision request) {
        UserId id = Fields.required("userId", userId, UserId::parse);
        return change(
                new ChangeUser(caller.id(), id, request.status(), null, null, origin.origin()));
    }

    /** Decides on how the user is watched. */
    @PUT
    @Path("/{userId}/risk")
    @RequiresPermission(AdminPermission.CHANGE_RISK)
    @Operation(operationId = "decideRisk", summary = "Change a user's risk level and trading tier")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = RISK_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The user",
            content = @Content(schema = @Schema(implementation = ListedUser.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN")
    public ListedUser risk(@PathParam("userId") String userId, RiskDecision request) {
        UserId id = Fields.required("userId", userId, UserId::parse);
        Integer tier = request.tradingTier();
        if (tier != null && (tier < 0 || tier > HIGHEST_TIER)) {
            throw Problem.fieldInvalid("tradingTier", "'tradingTier' is a number from 0 to 9")
                    .exception();
        }
        return change(
                new ChangeUser(caller.id(), id, null, request.riskLevel(), tier, origin.origin()));
    }

    /** Decides whether the user is suspended. */
    @PUT
    @Path("/{userId}/suspension")
    @RequiresPermission(AdminPermission.SUSPEND_USERS)
    @Operation(
            operationId = "decideSuspension",
            summary = "Suspend a user, or lift the suspension",
            description =
                    "A suspended user can sign in, read, cancel and reduce. What of their orders"
                            + " could increase a position is cancelled, no money of theirs is"
                            + " transferred or withdrawn, and they can't leave. Deposits are"
                            + " credited; withdrawals that have left the account go on.")
    @RequestBody(
            required = true,
            content =
                    @Content(examples = @ExampleObject(name = "wish", value = SUSPENSION_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The user",
            content = @Content(schema = @Schema(implementation = ListedUser.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN")
    @APIResponse(responseCode = "409", description = "USER_DELETED")
    public ListedUser suspension(@PathParam("userId") String userId, SuspensionDecision decision) {
        UserId id = Fields.required("userId", userId, UserId::parse);
        String reason = Fields.required("reason", decision.reason(), AdminUserResource::reason);
        return switch (suspensions.handle(
                new SuspendUser(caller.id(), id, decision.suspended(), reason, origin.origin()))) {
            case SuspensionOutcome.Decided decided -> shown(decided.user());
            case SuspensionOutcome.Unknown() -> throw unknown();
            case SuspensionOutcome.Deleted() ->
                    throw Problem.conflict("USER_DELETED", "the user is deleted")
                            .at("userId")
                            .exception();
        };
    }

    private static String reason(String text) {
        if (!REASON.matcher(text).matches()) {
            throw new IllegalArgumentException("a reason has 1 to 500 printable characters");
        }
        return text;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'true' or 'false'");
        };
    }

    private ListedUser change(ChangeUser command) {
        return switch (changes.handle(command)) {
            case UserOutcome.Changed changed -> shown(changed.user());
            case UserOutcome.Unknown _ -> throw unknown();
            case UserOutcome.NotNext notNext ->
                    throw Problem.conflict(
                                    "KYC_TRANSITION_REFUSED",
                                    "the status is " + notNext.now() + " now")
                            .at("status")
                            .allowing(notNext.allowed().stream().map(Enum::name).toList())
                            .exception();
        };
    }

    private static RuntimeException unknown() {
        return Problem.notFound("USER_UNKNOWN", "there is no such user").at("userId").exception();
    }

    private static ListedUser shown(UserStanding user) {
        return new ListedUser(
                user.user().toString(),
                user.createdAt(),
                user.lastSignInAt(),
                user.kycStatus(),
                user.riskLevel(),
                user.tradingTier(),
                user.state(),
                user.suspendedAt(),
                user.suspensionReason(),
                user.username(),
                user.email(),
                user.referralCode(),
                user.referrer() == null ? null : user.referrer().toString());
    }

    private static UserBalance shown(HeldBalance held) {
        return new UserBalance(
                held.subaccount().toString(), held.name(), held.asset(), held.balance().toString());
    }
}
