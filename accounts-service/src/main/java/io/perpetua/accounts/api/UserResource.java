package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.signin.WalletKind;
import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.RiskLevel;
import io.perpetua.accounts.persistence.UserRow;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.accounts.persistence.WalletRow;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The caller's own profile. No rules, so it goes from here to the repository. */
@Path("/v1/users")
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Users", description = "The user that an access token stands for.")
public class UserResource {
    private final Caller caller;
    private final UserTransactions transactions;
    private final UserRows users;
    private final WalletRows wallets;

    /** With what it reads. */
    public UserResource(
            Caller caller, UserTransactions transactions, UserRows users, WalletRows wallets) {
        this.caller = caller;
        this.transactions = transactions;
        this.users = users;
        this.wallets = wallets;
    }

    /** A user. */
    public record User(
            String id,
            Instant createdAt,
            Instant lastSignInAt,
            @Schema(description = "whether it is known who the user is") KycStatus kycStatus,
            RiskLevel riskLevel,
            @Schema(description = "0 to 9") int tradingTier,
            List<UserWallet> wallets) {}

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
        UserId id = caller.user();
        return transactions.call(
                id,
                connection -> {
                    UserRow user = users.findById(id.value());
                    if (user == null) {
                        throw Problem.notFound("USER_UNKNOWN", "there is no such user").exception();
                    }
                    return new User(
                            id.toString(),
                            user.createdAt(),
                            user.lastSignInAt(),
                            user.kycStatus(),
                            user.riskLevel(),
                            user.tradingTier(),
                            wallets.of(id.value()).stream().map(UserResource::wallet).toList());
                });
    }

    private static UserWallet wallet(WalletRow row) {
        return new UserWallet(row.wallet().kind(), row.wallet().shown(), row.linkedAt());
    }
}
