package io.perpetua.accounts.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.AssetSettings;
import io.perpetua.accounts.app.CancelWithdrawalHandler;
import io.perpetua.accounts.app.CancelWithdrawalHandler.CancelOutcome;
import io.perpetua.accounts.app.CancelWithdrawalHandler.CancelWithdrawal;
import io.perpetua.accounts.app.ConcludeWithdrawalHandler;
import io.perpetua.accounts.app.ConcludeWithdrawalHandler.ConcludeWithdrawal;
import io.perpetua.accounts.app.ConcludeWithdrawalHandler.Conclusion;
import io.perpetua.accounts.app.Custodian;
import io.perpetua.accounts.app.RequestWithdrawalHandler;
import io.perpetua.accounts.app.RequestWithdrawalHandler.RequestOutcome;
import io.perpetua.accounts.app.RequestWithdrawalHandler.RequestWithdrawal;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.accounts.domain.withdrawal.RequestRefusal;
import io.perpetua.accounts.domain.withdrawal.WithdrawalState;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.accounts.persistence.WithdrawalStore.WithdrawalRow;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Money going out: the caller's withdrawals, and the custodian's notices of them. */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Withdrawals", description = "Money going out, to addresses known for a while.")
public class WithdrawalResource {
    private static final String CLIENT_ID_PATTERN = "^[A-Za-z0-9._:-]{1,64}$";
    private static final Pattern CLIENT_ID = Pattern.compile(CLIENT_ID_PATTERN);
    private static final String EXAMPLE =
            "{\"subaccountId\":\"1000001\",\"asset\":\"USDC\",\"amount\":\"250.5\","
                    + "\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\","
                    + "\"clientWithdrawalId\":\"rent-11\"}";
    private static final String NOTICE_EXAMPLE =
            "{\"withdrawalId\":\"2000000000001\",\"outcome\":\"CONFIRMED\","
                    + "\"reference\":\"0x5d6e..\"}";
    private static final String FAILED = "the custodian reports that it failed";

    private final Caller caller;
    private final RequestWithdrawalHandler requests;
    private final ConcludeWithdrawalHandler conclusions;
    private final CancelWithdrawalHandler cancels;
    private final Custodian custodian;
    private final WithdrawalStore withdrawals;
    private final UserTransactions transactions;
    private final ObjectMapper json;
    private final AccountsConfig config;
    private final RequestOrigin origin;
    private final KeptAssets assets;

    /** With the handlers of its commands and what it reads. */
    public WithdrawalResource(
            Caller caller,
            RequestWithdrawalHandler requests,
            ConcludeWithdrawalHandler conclusions,
            CancelWithdrawalHandler cancels,
            Custodian custodian,
            WithdrawalStore withdrawals,
            UserTransactions transactions,
            ObjectMapper json,
            AccountsConfig config,
            RequestOrigin origin,
            AssetSettings assets) {
        this.caller = caller;
        this.requests = requests;
        this.conclusions = conclusions;
        this.cancels = cancels;
        this.custodian = custodian;
        this.withdrawals = withdrawals;
        this.transactions = transactions;
        this.json = json;
        this.config = config;
        this.origin = origin;
        this.assets = assets.kept();
    }

    /** A wish to withdraw. */
    @Schema(
            requiredProperties = {
                "subaccountId",
                "asset",
                "amount",
                "address",
                "clientWithdrawalId"
            })
    public record WithdrawalRequest(
            SubaccountId subaccountId,
            @Schema(description = "USDC, or another that the platform keeps") String asset,
            @Schema(description = "in units of the asset") Usd amount,
            @Schema(description = "one of the caller's address book") String address,
            @Schema(
                            pattern = CLIENT_ID_PATTERN,
                            description = "makes a repeat of the request harmless; unique per user")
                    String clientWithdrawalId) {}

    /** A withdrawal as far as it has come. */
    public record Withdrawal(
            String id,
            String subaccountId,
            String asset,
            String amount,
            @Schema(description = "with its EIP-55 checksum") String address,
            String clientWithdrawalId,
            @Schema(
                            description =
                                    "REQUESTED, of USDC alone; then RESERVED (it has left the"
                                            + " account) or REFUSED; then SENT; then CONFIRMED, or"
                                            + " RETURNED (it is back on the account)")
                    WithdrawalState state,
            @Schema(description = "why it was refused") @Nullable WithdrawalRefusal refusal,
            @Schema(description = "what could have been withdrawn, of a refused one")
                    @Nullable String withdrawable,
            @Schema(description = "what the custodian calls it") @Nullable String custodyReference,
            @Schema(description = "why it is back") @Nullable String returnReason,
            Instant requestedAt,
            @Schema(description = "when its user called it off")
                    @Nullable Instant cancelRequestedAt,
            @Nullable Instant decidedAt,
            @Nullable Instant sentAt,
            @Nullable Instant finishedAt) {}

    /** How a transfer ended. */
    public enum Outcome {
        /** It has arrived. */
        CONFIRMED,
        /** It has failed for good. */
        FAILED
    }

    /** What the custodian reports of a withdrawal. */
    @Schema(requiredProperties = {"withdrawalId", "outcome", "reference"})
    public record WithdrawalNotice(
            @Schema(description = "the key it was ordered with") String withdrawalId,
            @Schema(implementation = Outcome.class) String outcome,
            @Schema(description = "the custodian's own: 1 to 128 letters, digits, ._:/+=-")
                    String reference) {}

    /** How far the withdrawal has come. */
    public record NoticeTaken(String withdrawalId, WithdrawalState state) {}

    /** Asks to withdraw. */
    @POST
    @Path("/withdrawals")
    @Operation(
            operationId = "requestWithdrawal",
            summary = "Withdraw to an address of the address book",
            description =
                    "What may leave of USDC is decided by risk: max(margin and holds, 10 % of the"
                            + " positions' notional) stays, and profit not yet realised never"
                            + " leaves. The answer comes before the decision; read the withdrawal"
                            + " to follow it. Of other assets all may leave, and the answer has"
                            + " the decision: RESERVED or REFUSED. A repeat with the same content gets the same"
                            + " withdrawal, as far as it has come, with status 200. Limits count"
                            + " what was requested within the last hour and day and not refused or"
                            + " returned, other assets at what the platform lets a unit of them"
                            + " count for in US dollars; the detail of a refusal says when there"
                            + " is room again.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "rent", value = EXAMPLE)))
    @APIResponse(
            responseCode = "202",
            description = "Taken: on its way to risk, or decided",
            content = @Content(schema = @Schema(implementation = Withdrawal.class)))
    @APIResponse(
            responseCode = "200",
            description = "Taken before",
            content = @Content(schema = @Schema(implementation = Withdrawal.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "403", description = "WITHDRAWALS_DISABLED, KYC_SUSPENDED")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "CLIENT_WITHDRAWAL_ID_REUSED: the id stands for another withdrawal")
    @APIResponse(
            responseCode = "422",
            description =
                    "USER_CLOSING, USER_DEACTIVATED, USER_SUSPENDED,"
                            + " WITHDRAWAL_ADDRESS_UNKNOWN, WITHDRAWAL_ADDRESS_NOT_YET_USABLE,"
                            + " AMOUNT_BELOW_MINIMUM, AMOUNT_ABOVE_MAXIMUM,"
                            + " UNVERIFIED_DAILY_LIMIT_EXCEEDED,"
                            + " USER_HOURLY_LIMIT_EXCEEDED, USER_DAILY_LIMIT_EXCEEDED,"
                            + " PLATFORM_HOURLY_LIMIT_EXCEEDED, PLATFORM_DAILY_LIMIT_EXCEEDED")
    public RestResponse<Withdrawal> request(WithdrawalRequest request) {
        Asset asset = AssetFields.code(request.asset());
        EvmAddress address =
                Fields.required("address", request.address(), AddressBookResource::address);
        String clientId =
                Fields.required(
                        "clientWithdrawalId",
                        request.clientWithdrawalId(),
                        WithdrawalResource::clientId);
        if (request.amount().signum() <= 0) {
            throw Problem.fieldInvalid("amount", "'amount' is positive").exception();
        }
        if (!config.simulatedCustody().enabled()) {
            throw Problem.of(403, "WITHDRAWALS_DISABLED", "this platform has no custodian")
                    .exception();
        }
        RequestOutcome outcome =
                requests.handle(
                        new RequestWithdrawal(
                                caller.user(),
                                request.subaccountId(),
                                asset,
                                request.amount(),
                                address,
                                clientId,
                                origin.origin()));
        return switch (outcome) {
            case RequestOutcome.Taken taken ->
                    RestResponse.status(
                            taken.repeated()
                                    ? RestResponse.Status.OK
                                    : RestResponse.Status.ACCEPTED,
                            shown(taken.withdrawal()));
            case RequestOutcome.ClientIdReused() ->
                    throw Problem.conflict(
                                    "CLIENT_WITHDRAWAL_ID_REUSED",
                                    "the id stands for another withdrawal")
                            .at("clientWithdrawalId")
                            .exception();
            case RequestOutcome.AssetNotKept() -> throw AssetFields.notKept(asset, assets.codes());
            case RequestOutcome.AccountUnknown() ->
                    throw Problem.notFound("SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                            .at("subaccountId")
                            .exception();
            case RequestOutcome.Refused refused ->
                    throw Problem.of(
                                    refused.refusal() == RequestRefusal.KYC_SUSPENDED ? 403 : 422,
                                    refused.refusal().name(),
                                    sentence(refused.refusal(), refused.possibleAt()))
                            .at(fieldOf(refused.refusal()))
                            .exception();
        };
    }

    /** The caller's withdrawals. */
    @GET
    @Path("/withdrawals")
    @Operation(operationId = "listWithdrawals", summary = "The caller's withdrawals, newest first")
    @APIResponse(responseCode = "200", description = "A page of withdrawals")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<Withdrawal> list(
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        List<WithdrawalRow> rows =
                transactions.call(caller.user(), tx -> withdrawals.list(tx, page));
        return Page.of(
                page,
                rows,
                WithdrawalResource::shown,
                row -> new Cursor(row.requestedAt().toEpochMilli(), row.id().value()));
    }

    /** One of them. */
    @GET
    @Path("/withdrawals/{withdrawalId}")
    @Operation(operationId = "getWithdrawal", summary = "A withdrawal as far as it has come")
    @APIResponse(
            responseCode = "200",
            description = "The withdrawal",
            content = @Content(schema = @Schema(implementation = Withdrawal.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "WITHDRAWAL_UNKNOWN")
    public Withdrawal get(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,16}$"))
                    @PathParam("withdrawalId")
                    String withdrawalId) {
        WithdrawalId id = Fields.required("withdrawalId", withdrawalId, WithdrawalId::parse);
        Optional<WithdrawalRow> row =
                transactions.call(caller.user(), tx -> withdrawals.find(tx, id));
        return shown(row.orElseThrow(WithdrawalResource::unknown));
    }

    /** Calls one off. */
    @DELETE
    @Path("/withdrawals/{withdrawalId}")
    @Operation(
            operationId = "cancelWithdrawal",
            summary = "Call a withdrawal off",
            description =
                    "Possible until the custodian is called for it the first time. What has left"
                            + " the account comes back; what risk has not decided yet comes back as"
                            + " soon as it has. May be repeated.")
    @APIResponse(
            responseCode = "200",
            description = "Called off: RETURNED (or REFUSED by risk), and never sent",
            content = @Content(schema = @Schema(implementation = Withdrawal.class)))
    @APIResponse(
            responseCode = "202",
            description = "Noted: it will not be sent, and risk has yet to decide",
            content = @Content(schema = @Schema(implementation = Withdrawal.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "WITHDRAWAL_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "WITHDRAWAL_NOT_CANCELLABLE: it may have been sent, or has ended")
    public RestResponse<Withdrawal> cancel(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,16}$"))
                    @PathParam("withdrawalId")
                    String withdrawalId) {
        WithdrawalId id = Fields.required("withdrawalId", withdrawalId, WithdrawalId::parse);
        return switch (cancels.handle(new CancelWithdrawal(caller.user(), id, origin.origin()))) {
            case CancelOutcome.Cancelled cancelled ->
                    RestResponse.status(
                            cancelled.withdrawal().finishedAt() == null
                                    ? RestResponse.Status.ACCEPTED
                                    : RestResponse.Status.OK,
                            shown(cancelled.withdrawal()));
            case CancelOutcome.TooLate tooLate ->
                    throw Problem.conflict(
                                    "WITHDRAWAL_NOT_CANCELLABLE",
                                    tooLate.withdrawal().state() == WithdrawalState.RESERVED
                                            ? "the custodian is being called for it"
                                            : "the withdrawal is " + tooLate.withdrawal().state())
                            .at("withdrawalId")
                            .exception();
            case CancelOutcome.Unknown() -> throw unknown();
        };
    }

    /** A notice of the custodian. */
    @POST
    @Path("/withdrawal-notices")
    @PermitAll
    @Operation(
            operationId = "reportWithdrawal",
            summary = "Report what became of a withdrawal (the custodian's call)",
            description =
                    "Signed by the custodian in the header Custodian-Signature:"
                            + " t=<milliseconds since 1970>,v1=<hex of HMAC-SHA-256 over"
                            + " 't.body'>. A notice may be repeated.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = WithdrawalNotice.class),
                            examples = @ExampleObject(name = "notice", value = NOTICE_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The withdrawal has ended so, now or before",
            content = @Content(schema = @Schema(implementation = NoticeTaken.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "NOTICE_FORGED, NOTICE_STALE")
    @APIResponse(responseCode = "404", description = "WITHDRAWAL_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "WITHDRAWAL_NOT_IN_FLIGHT: it has ended otherwise, or was never sent")
    public NoticeTaken report(
            @HeaderParam("Custodian-Signature") @Nullable String signature, String body)
            throws JsonProcessingException {
        WithdrawalNotice notice =
                CustodianNotices.read(custodian, signature, body, json, WithdrawalNotice.class);
        WithdrawalId id =
                Fields.required("withdrawalId", notice.withdrawalId(), WithdrawalId::parse);
        Outcome outcome = Fields.required("outcome", notice.outcome(), Outcome.class);
        String reference = Fields.required("reference", notice.reference(), Texts::reference);
        Conclusion conclusion =
                conclusions.handle(
                        new ConcludeWithdrawal(
                                id, reference, outcome == Outcome.FAILED ? FAILED : null));
        return switch (conclusion) {
            case Conclusion.Concluded concluded ->
                    new NoticeTaken(id.toString(), concluded.withdrawal().state());
            case Conclusion.Contradicted contradicted ->
                    throw Problem.conflict(
                                    "WITHDRAWAL_NOT_IN_FLIGHT",
                                    "the withdrawal is " + contradicted.withdrawal().state())
                            .at("withdrawalId")
                            .exception();
            case Conclusion.Unknown() -> throw unknown();
        };
    }

    /** A refusal in words. */
    static String sentence(RequestRefusal refusal, @Nullable Instant possibleAt) {
        String rule =
                switch (refusal) {
                    case USER_CLOSING -> "the user asked to be deleted";
                    case USER_DEACTIVATED -> "the user is deactivated";
                    case USER_SUSPENDED -> "the user is suspended";
                    case KYC_SUSPENDED -> "it is in doubt who the user is; ask the platform";
                    case UNVERIFIED_DAILY_LIMIT_EXCEEDED ->
                            "it is above what a user may in a day before it is known who they are";
                    case WITHDRAWAL_ADDRESS_UNKNOWN -> "the address is not in the address book";
                    case WITHDRAWAL_ADDRESS_NOT_YET_USABLE ->
                            "the address is not long enough in the address book";
                    case AMOUNT_BELOW_MINIMUM -> "the amount is below the least";
                    case AMOUNT_ABOVE_MAXIMUM -> "the amount is above the most";
                    case USER_HOURLY_LIMIT_EXCEEDED -> "it is above what a user may in an hour";
                    case USER_DAILY_LIMIT_EXCEEDED -> "it is above what a user may in a day";
                    case PLATFORM_HOURLY_LIMIT_EXCEEDED ->
                            "it is above what all users together may in an hour";
                    case PLATFORM_DAILY_LIMIT_EXCEEDED ->
                            "it is above what all users together may in a day";
                };
        return possibleAt == null ? rule : rule + "; possible from " + possibleAt;
    }

    private static @Nullable String fieldOf(RequestRefusal refusal) {
        return switch (refusal) {
            case USER_CLOSING, USER_DEACTIVATED, USER_SUSPENDED -> null;
            case WITHDRAWAL_ADDRESS_UNKNOWN, WITHDRAWAL_ADDRESS_NOT_YET_USABLE -> "address";
            case KYC_SUSPENDED -> null;
            case AMOUNT_BELOW_MINIMUM,
                    UNVERIFIED_DAILY_LIMIT_EXCEEDED,
                    AMOUNT_ABOVE_MAXIMUM,
                    USER_HOURLY_LIMIT_EXCEEDED,
                    USER_DAILY_LIMIT_EXCEEDED,
                    PLATFORM_HOURLY_LIMIT_EXCEEDED,
                    PLATFORM_DAILY_LIMIT_EXCEEDED ->
                    "amount";
        };
    }

    private static Withdrawal shown(WithdrawalRow row) {
        return new Withdrawal(
                row.id().toString(),
                row.subaccount().toString(),
                row.asset(),
                row.amount().toString(),
                row.address().checksummed(),
                row.clientWithdrawalId(),
                row.state(),
                row.refusal() == null ? null : WithdrawalRefusal.valueOf(row.refusal()),
                row.withdrawable() == null ? null : row.withdrawable().toString(),
                row.custodyReference(),
                row.returnReason(),
                row.requestedAt(),
                row.cancelRequestedAt(),
                row.decidedAt(),
                row.sentAt(),
                row.finishedAt());
    }

    private static String clientId(String text) {
        if (!CLIENT_ID.matcher(text).matches()) {
            throw new IllegalArgumentException("must match " + CLIENT_ID_PATTERN);
        }
        return text;
    }

    private static RuntimeException unknown() {
        return Problem.notFound("WITHDRAWAL_UNKNOWN", "there is no such withdrawal")
                .at("withdrawalId")
                .exception();
    }
}
