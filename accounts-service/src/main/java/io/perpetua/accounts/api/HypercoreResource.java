package io.perpetua.accounts.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.perpetua.accounts.app.AddHypercoreSubaccountHandler;
import io.perpetua.accounts.app.AddHypercoreSubaccountHandler.AddHypercoreSubaccount;
import io.perpetua.accounts.app.ChangeHypercoreSubaccountHandler;
import io.perpetua.accounts.app.ChangeHypercoreSubaccountHandler.ChangeHypercoreSubaccount;
import io.perpetua.accounts.app.RevealCredentialsHandler;
import io.perpetua.accounts.app.RevealCredentialsHandler.RevealCredentials;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.HypercoreStore;
import io.perpetua.accounts.persistence.HypercoreStore.HypercoreRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudget;
import io.perpetua.edge.RateClass;
import io.perpetua.edge.TakesAnyQuery;
import io.perpetua.edge.UserTransactions;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.Cache;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Hypercore's subaccounts and their private keys, as Hypercore's clients know these calls. */
@Path("/api/hypercore")
@TakesAnyQuery
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(
        name = "Hypercore",
        description = "Subaccounts and their private keys, compatible with Hypercore's clients.")
public class HypercoreResource {

    private static final String ADD_EXAMPLE =
            "{\"user_id\":17,\"user_wallet\":\"0x3f5ce5fbfe3e9af3971dd833d26ba9b5c936f0be\","
                    + "\"sub_account_pubkey\":\"0x9a1fc3b2\",\"sub_account_privkey\":\"0x5e11ed\","
                    + "\"is_active\":true}";

    private final Caller caller;
    private final RequestOrigin origin;
    private final UserTransactions transactions;
    private final HypercoreStore store;
    private final AddHypercoreSubaccountHandler adding;
    private final ChangeHypercoreSubaccountHandler changing;
    private final RevealCredentialsHandler revealing;

    /** With what it reads and the handlers of its commands. */
    public HypercoreResource(
            Caller caller,
            RequestOrigin origin,
            UserTransactions transactions,
            HypercoreStore store,
            AddHypercoreSubaccountHandler adding,
            ChangeHypercoreSubaccountHandler changing,
            RevealCredentialsHandler revealing) {
        this.caller = caller;
        this.origin = origin;
        this.transactions = transactions;
        this.store = store;
        this.adding = adding;
        this.changing = changing;
        this.revealing = revealing;
    }

    /** A subaccount to keep. */
    @Schema(
            requiredProperties = {
                "user_id",
                "user_wallet",
                "sub_account_pubkey",
                "sub_account_privkey"
            })
    public record HypercoreSubaccountRequest(
            @JsonProperty("user_id") @Schema(description = "the caller's own") long userId,
            @JsonProperty("user_wallet") @Schema(description = "1 to 128 printable characters")
                    String userWallet,
            @JsonProperty("sub_account_pubkey")
                    @Schema(description = "1 to 256 printable characters")
                    String publicKey,
            @JsonProperty("sub_account_privkey")
                    @JsonDeserialize(using = SecretText.Taken.class)
                    @Schema(
                            implementation = String.class,
                            format = "password",
                            description =
                                    "1 to 4096 characters; kept sealed, and not shown again"
                                            + " but by the call for credentials")
                    Secret privateKey,
            @JsonProperty("is_active") @Schema(description = "true if absent")
                    @Nullable Boolean isActive) {}

    /** A partial change. */
    public record HypercoreSubaccountChange(
            @JsonProperty("is_active") @Schema(description = "stays as it is if absent")
                    @Nullable Boolean isActive) {}

    /** A subaccount, without its private key. */
    public record HypercoreSubaccount(
            long id,
            @JsonProperty("user_id") long userId,
            @JsonProperty("user_wallet") String userWallet,
            @JsonProperty("sub_account_pubkey") String publicKey,
            @JsonProperty("is_active") boolean isActive,
            @JsonProperty("timestamp_creation") Instant createdAt) {}

    /** A subaccount with its private key. */
    public record HypercoreCredentials(
            long id,
            @JsonProperty("user_id") long userId,
            @JsonProperty("user_wallet") String userWallet,
            @JsonProperty("sub_account_pubkey") String publicKey,
            @JsonProperty("sub_account_privkey")
                    @JsonSerialize(using = SecretText.Shown.class)
                    @Schema(implementation = String.class, format = "password")
                    Secret privateKey,
            @JsonProperty("is_active") boolean isActive,
            @JsonProperty("timestamp_creation") Instant createdAt) {}

    /** Adds one. */
    @POST
    @Path("/subaccounts")
    @ResponseStatus(201)
    @RateBudget(RateClass.SECRET)
    @Operation(
            operationId = "addHypercoreSubaccount",
            summary = "Keep a Hypercore subaccount and its private key",
            description = "The private key is sealed, and no answer but the credentials' shows it.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "active", value = ADD_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "The subaccount",
            content = @Content(schema = @Schema(implementation = HypercoreSubaccount.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN: it is not the caller's id")
    @APIResponse(
            responseCode = "422",
            description = "SUBACCOUNTS_EXHAUSTED: the user has as many as allowed")
    public HypercoreSubaccount add(HypercoreSubaccountRequest request) {
        try (Secret privateKey = request.privateKey()) {
            String wallet =
                    Fields.required(
                            "user_wallet", request.userWallet(), text -> Texts.word(text, 128));
            String publicKey =
                    Fields.required(
                            "sub_account_pubkey",
                            request.publicKey(),
                            text -> Texts.word(text, 256));
            requireCaller(request.userId());
            Boolean isActive = request.isActive();
            return adding.handle(
                            new AddHypercoreSubaccount(
                                    caller.user(),
                                    wallet,
                                    publicKey,
                                    privateKey,
                                    isActive == null || isActive,
                                    origin.origin()))
                    .map(HypercoreResource::shown)
                    .orElseThrow(
                            () ->
                                    Problem.of(
                                                    422,
                                                    "SUBACCOUNTS_EXHAUSTED",
                                                    "a user has at most "
                                                            + adding.most()
                                                            + " Hypercore subaccounts")
                                            .exception());
        }
    }

    /** The user's. */
    @GET
    @Path("/subaccounts/{user_id}")
    @Operation(
            operationId = "listHypercoreSubaccounts",
            summary = "The caller's Hypercore subaccounts, in the order of their creation")
    @APIResponse(responseCode = "200", description = "The subaccounts")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "USER_UNKNOWN: it is not the caller's id")
    public List<HypercoreSubaccount> ofUser(
            @Parameter(description = "the caller's own") @PathParam("user_id") String userId,
            @Parameter(description = "false for all of them; true if absent")
                    @QueryParam("active_only")
                    @Nullable String activeOnly) {
        boolean isAll = isAll(activeOnly);
        requireCaller(Fields.required("user_id", userId, Texts::number));
        return shown(transactions.call(caller.user(), store::all), isAll);
    }

    /** The user's of a wallet. */
    @GET
    @Path("/subaccounts/wallet/{user_wallet}")
    @Operation(
            operationId = "listHypercoreSubaccountsOfWallet",
            summary = "The caller's Hypercore subaccounts of a wallet",
            description = "In the order of their creation. Of a wallet of others, none.")
    @APIResponse(responseCode = "200", description = "The subaccounts")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public List<HypercoreSubaccount> ofWallet(
            @PathParam("user_wallet") String userWallet,
            @Parameter(description = "false for all of them; true if absent")
                    @QueryParam("active_only")
                    @Nullable String activeOnly) {
        boolean isAll = isAll(activeOnly);
        String wallet = Fields.required("user_wallet", userWallet, text -> Texts.word(text, 128));
        UserId user = caller.user();
        return shown(transactions.call(user, tx -> store.ofWallet(tx, wallet)), isAll);
    }

    /** Changes one. */
    @PUT
    @Path("/subaccounts/{subaccount_id}")
    @Operation(
            operationId = "changeHypercoreSubaccount",
            summary = "Switch a Hypercore subaccount on or off",
            description = "What is absent stays as it is.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(name = "off", value = "{\"is_active\":false}")))
    @APIResponse(
            responseCode = "200",
            description = "The subaccount as it is now",
            content = @Content(schema = @Schema(implementation = HypercoreSubaccount.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    public HypercoreSubaccount change(
            @PathParam("subaccount_id") String subaccountId, HypercoreSubaccountChange change) {
        long id = Fields.required("subaccount_id", subaccountId, Texts::number);
        return changing.handle(
                        new ChangeHypercoreSubaccount(
                                caller.user(), id, change.isActive(), origin.origin()))
                .map(HypercoreResource::shown)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                                "SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                                        .at("subaccount_id")
                                        .exception());
    }

    /** The private key. */
    @GET
    @Path("/credentials/{user_id}")
    @RateBudget(RateClass.SECRET)
    @Cache(noStore = true)
    @Operation(
            operationId = "revealHypercoreCredentials",
            summary = "The private key of the caller's Hypercore subaccount",
            description =
                    "Of one subaccount, that one's, whatever its flag; of several, the first active"
                            + " one's. Each call is in the audit log.")
    @APIResponse(
            responseCode = "200",
            description = "The credentials",
            content = @Content(schema = @Schema(implementation = HypercoreCredentials.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "404",
            description = "USER_UNKNOWN, CREDENTIALS_UNKNOWN: there are none, or none is active")
    @APIResponse(responseCode = "429", description = "RATE_LIMITED: see Retry-After")
    public HypercoreCredentials credentials(
            @Parameter(description = "the caller's own") @PathParam("user_id") String userId) {
        requireCaller(Fields.required("user_id", userId, Texts::number));
        return revealing
                .handle(new RevealCredentials(caller.user(), origin.origin()))
                .map(
                        found ->
                                new HypercoreCredentials(
                                        found.subaccount().id(),
                                        found.subaccount().user().value(),
                                        found.subaccount().wallet(),
                                        found.subaccount().publicKey(),
                                        found.privateKey(),
                                        found.subaccount().isActive(),
                                        found.subaccount().createdAt()))
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                                "CREDENTIALS_UNKNOWN",
                                                "there is no subaccount, or none of them is active")
                                        .exception());
    }

    private void requireCaller(long userId) {
        if (caller.user().value() != userId) {
            throw Problem.notFound("USER_UNKNOWN", "there is no such user")
                    .at("user_id")
                    .exception();
        }
    }

    private static List<HypercoreSubaccount> shown(List<HypercoreRow> rows, boolean isAll) {
        return rows.stream()
                .filter(row -> isAll || row.isActive())
                .map(HypercoreResource::shown)
                .toList();
    }

    private static HypercoreSubaccount shown(HypercoreRow row) {
        return new HypercoreSubaccount(
                row.id(),
                row.user().value(),
                row.wallet(),
                row.publicKey(),
                row.isActive(),
                row.createdAt());
    }

    private static boolean isAll(@Nullable String activeOnly) {
        return Boolean.FALSE.equals(
                Fields.optional("active_only", activeOnly, HypercoreResource::truth));
    }

    /** Spelled as JSON does or as Python does. */
    private static Boolean truth(String text) {
        return switch (text) {
            case "true", "True" -> Boolean.TRUE;
            case "false", "False" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }
}
