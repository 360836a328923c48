package io.perpetua.accounts.api;

import io.perpetua.accounts.app.ChangeProfileHandler;
import io.perpetua.accounts.app.ChangeProfileHandler.ChangeProfile;
import io.perpetua.accounts.app.ChangeProfileHandler.Edit;
import io.perpetua.accounts.app.ChangeProfileHandler.ProfileOutcome;
import io.perpetua.accounts.domain.signin.WalletKind;
import io.perpetua.accounts.domain.user.EmailAddress;
import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.ReferralCode;
import io.perpetua.accounts.domain.user.ReferrerRefusal;
import io.perpetua.accounts.domain.user.RiskLevel;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.domain.user.Username;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.Standing;
import io.perpetua.accounts.persistence.UserProfileStore;
import io.perpetua.accounts.persistence.UserProfileStore.Profile;
import io.perpetua.accounts.persistence.UserRow;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.accounts.persistence.WalletRow;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The caller's own profile. */
@Path("/v1/users")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Users", description = "The user that an access token stands for.")
public class UserResource {
    private static final String CHANGE_EXAMPLE =
            "{\"username\":\"Satoshi\",\"email\":\"satoshi@example.org\"}";

    private final Caller caller;
    private final UserTransactions transactions;
    private final UserRows users;
    private final WalletRows wallets;
    private final UserProfileStore profiles;
    private final UserLifeStore lives;
    private final ChangeProfileHandler changing;
    private final RequestOrigin origin;

    /** With what it reads and the handler of its command. */
    public UserResource(
            Caller caller,
            UserTransactions transactions,
            UserRows users,
            WalletRows wallets,
            UserProfileStore profiles,
            UserLifeStore lives,
            ChangeProfileHandler changing,
            RequestOrigin origin) {
        this.caller = caller;
        this.transactions = transactions;
        this.users = users;
        this.wallets = wallets;
        this.profiles = profiles;
        this.lives = lives;
        this.changing = changing;
        this.origin = origin;
    }

    /** A user. */
    public record User(
            String id,
            Instant createdAt,
            Instant lastSignInAt,
            @Schema(description = "whether it is known who the user is") KycStatus kycStatus,
            RiskLevel riskLevel,
            @Schema(description = "0 to 9") int tradingTier,
            @Schema(description = "CLOSING and DEACTIVATING: asked for, and not yet decided")
                    UserState state,
            @Schema(description = "may cancel and reduce, and move no money") boolean suspended,
            @Nullable String username,
            @Schema(description = "as the caller gave it; nobody has verified it")
                    @Nullable String email,
            @Schema(description = "by which others name the caller as their referrer")
                    String referralCode,
            @Schema(description = "of the one who brought the caller")
                    @Nullable String referrerCode,
            List<UserWallet> wallets) {
        @Override
        public String toString() {
            return "User[" + id + "]";
        }
    }

    /** What is to be changed; what is absent stays. */
    public record ProfileChange(
            @Schema(
                            description =
                                    "3 to 32 letters, digits and ._-, the first a letter; unique"
                                            + " whatever its case; empty: none")
                    @Nullable String username,
            @Schema(description = "up to 254 characters; empty: none") @Nullable String email,
            @Schema(description = "set once, within 30 days of the first sign-in")
                    @Nullable String referrerCode) {
        @Override
        public String toString() {
            return "ProfileChange[]";
        }
    }

    /** A wallet that signs the user in. */
    public record UserWallet(
            WalletKind kind,
            @Schema(description = "EVM: with its EIP-55 checksum; Solana: in base58")
                    String address,
            Instant linkedAt) {}

    /** The caller. */
    @GET
    @Path("/me")
    @Operation(operationId = "getMe", summary = "The caller's profile and wallets")
    @APIResponse(
            responseCode = "200",
            description = "The caller",
            content = @Content(schema = @Schema(implementation = User.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public User me() {
        return find(caller.user());
    }

    /** Changes the caller's profile. */
    @PATCH
    @Path("/me")
    @Operation(
            operationId = "changeMe",
            summary = "Change the caller's username, e-mail address or referrer",
            description = "What is absent stays as it is. All of it is changed or nothing.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = CHANGE_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The caller as they are now",
            content = @Content(schema = @Schema(implementation = User.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN: deleted meanwhile")
    @APIResponse(
            responseCode = "409",
            description = "USERNAME_TAKEN; REFERRER_SET: the caller has another referrer")
    @APIResponse(
            responseCode = "422",
            description =
                    "REFERRER_TOO_LATE, REFERRAL_CODE_UNKNOWN; REFERRER_NOT_EARLIER: it is the"
                            + " caller's own code, or of one who came later")
    public User change(ProfileChange change) {
        UserId user = caller.user();
        ChangeProfile command =
                new ChangeProfile(
                        user,
                        Fields.optional("username", change.username(), edit(Username::new)),
                        Fields.optional("email", change.email(), edit(EmailAddress::new)),
                        Fields.optional("referrerCode", change.referrerCode(), ReferralCode::new),
                        origin.origin());
        return switch (changing.handle(command)) {
            case ProfileOutcome.Changed() -> find(user);
            case ProfileOutcome.NameTaken() ->
                    throw Problem.conflict("USERNAME_TAKEN", "the username is another user's")
                            .at("username")
                            .exception();
            case ProfileOutcome.Unknown() -> throw unknown();
            case ProfileOutcome.ReferrerRefused refused ->
                    throw refusal(refused.refusal()).at("referrerCode").exception();
        };
    }

    private static Problem refusal(ReferrerRefusal refusal) {
        return switch (refusal) {
            case REFERRER_SET ->
                    Problem.conflict(refusal.name(), "the caller has another referrer");
            case REFERRER_TOO_LATE ->
                    Problem.refused(refusal, "the caller has been here for too long");
            case REFERRAL_CODE_UNKNOWN -> Problem.refused(refusal, "nobody has this code");
            case REFERRER_NOT_EARLIER ->
                    Problem.refused(refusal, "a referrer was here before whom they bring");
        };
    }

    private static <T> Function<String, Edit<T>> edit(Function<String, T> parser) {
        return text -> text.isEmpty() ? new Edit<>(null) : new Edit<>(parser.apply(text));
    }

    private User find(UserId id) {
        return transactions.call(
                id,
                connection -> {
                    UserRow user = users.findById(id.value());
                    Profile profile = profiles.find(connection, id).orElse(null);
                    if (user == null || profile == null) {
                        throw unknown();
                    }
                    Standing standing = lives.find(connection, id);
                    Username username = profile.username();
                    EmailAddress email = profile.email();
                    ReferralCode referrer = profile.referrerCode();
                    return new User(
                            id.toString(),
                            user.createdAt(),
                            user.lastSignInAt(),
                            user.kycStatus(),
                            user.riskLevel(),
                            user.tradingTier(),
                            standing.state(),
                            standing.suspended(),
                            username == null ? null : username.value(),
                            email == null ? null : email.value(),
                            profile.referralCode().value(),
                            referrer == null ? null : referrer.value(),
                            wallets.of(id.value()).stream().map(UserResource::wallet).toList());
                });
    }

    private static RuntimeException unknown() {
        return Problem.notFound("USER_UNKNOWN", "there is no such user").exception();
    }

    private static UserWallet wallet(WalletRow row) {
        return new UserWallet(row.wallet().kind(), row.wallet().shown(), row.linkedAt());
    }
}
