package io.perpetua.accounts.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.AssetSettings;
import io.perpetua.accounts.app.CreditDepositHandler;
import io.perpetua.accounts.app.CreditDepositHandler.CreditDeposit;
import io.perpetua.accounts.app.CreditDepositHandler.DepositOutcome.AccountUnknown;
import io.perpetua.accounts.app.CreditDepositHandler.DepositOutcome.AssetNotKept;
import io.perpetua.accounts.app.CreditDepositHandler.DepositOutcome.DepositCredited;
import io.perpetua.accounts.app.CreditDepositHandler.DepositOutcome.ReferenceTaken;
import io.perpetua.accounts.app.CreditDepositHandler.DepositOutcome.UserLeft;
import io.perpetua.accounts.app.CreditDepositHandler.Source;
import io.perpetua.accounts.app.Custodian;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.domain.ledger.LedgerTransactionId;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.DepositStore;
import io.perpetua.accounts.persistence.DepositStore.DepositRow;
import io.perpetua.accounts.persistence.DepositStore.Holder;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
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
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Money coming in: notices of the custodian, the faucet of a development stack, own deposits. */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Deposits", description = "Money coming in; each reference is credited once.")
public class DepositResource {
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");

    /** Far below what a balance can hold, so that sums of deposits don't leave 64 bits. */
    private static final Usd LARGEST_DEPOSIT = Usd.ofDollars(1_000_000_000L);

    private static final String NOTICE_EXAMPLE =
            "{\"reference\":\"0x5d6e..:3\",\"address\":\"0x3f5ce5fbfe3e9af3971dd833d26ba9b5c936f0be\","
                    + "\"asset\":\"USDC\",\"amount\":\"2500\"}";
    private static final String FAUCET_EXAMPLE =
            "{\"subaccountId\":\"1000001\",\"amount\":\"10000\",\"reference\":\"first\"}";

    private final Caller caller;
    private final CreditDepositHandler credits;
    private final Custodian custodian;
    private final DepositStore deposits;
    private final UserTransactions transactions;
    private final ObjectMapper json;
    private final AccountsConfig config;
    private final KeptAssets assets;

    /** With the handler of its command and what it reads. */
    public DepositResource(
            Caller caller,
            CreditDepositHandler credits,
            Custodian custodian,
            DepositStore deposits,
            UserTransactions transactions,
            ObjectMapper json,
            AccountsConfig config,
            AssetSettings assets) {
        this.caller = caller;
        this.credits = credits;
        this.custodian = custodian;
        this.deposits = deposits;
        this.transactions = transactions;
        this.json = json;
        this.config = config;
        this.assets = assets.kept();
    }

    /** What the custodian reports. */
    @Schema(requiredProperties = {"reference", "address", "asset", "amount"})
    public record DepositNotice(
            @Schema(description = "the custodian's own, unique: 1 to 128 letters, digits, ._:/+=-")
                    String reference,
            @Schema(description = "the subaccount's public address") String address,
            @Schema(description = "USDC, or another that the platform keeps") String asset,
            @Schema(description = "in units of the asset") Usd amount) {}

    /** A wish for money. */
    @Schema(requiredProperties = {"subaccountId", "amount"})
    public record FaucetRequest(
            SubaccountId subaccountId,
            @Schema(description = "USDC if absent") @Nullable String asset,
            @Schema(description = "in units of the asset") Usd amount,
            @Schema(description = "makes a repeat of the request harmless; the user's own, unique")
                    @Nullable String reference) {}

    /** A credited deposit. */
    public record Deposit(
            String id,
            String subaccountId,
            String asset,
            String amount,
            Source source,
            String reference,
            String state,
            @Schema(description = "its ledger transaction") String transactionId,
            @Schema(description = "which of the subaccount's credits it is, from 1")
                    long creditSequence,
            Instant creditedAt) {}

    /** A notice of the custodian. */
    @POST
    @Path("/deposits")
    @PermitAll
    @Operation(
            operationId = "reportDeposit",
            summary = "Report money received (the custodian's call)",
            description =
                    "Signed by the custodian in the header Custodian-Signature:"
                            + " t=<milliseconds since 1970>,v1=<hex of HMAC-SHA-256 over"
                            + " 't.body'>. A notice with the reference and content of an earlier"
                            + " one gets the first answer, with status 200.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = DepositNotice.class),
                            examples = @ExampleObject(name = "notice", value = NOTICE_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Credited",
            content = @Content(schema = @Schema(implementation = Deposit.class)))
    @APIResponse(
            responseCode = "200",
            description = "Credited before",
            content = @Content(schema = @Schema(implementation = Deposit.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "NOTICE_FORGED, NOTICE_STALE")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description =
                    "REFERENCE_REUSED: the reference stands for another deposit; USER_CLOSING: the"
                            + " user asked to be deleted, report it again later; USER_DELETED: the"
                            + " user is deleted, return the money")
    public RestResponse<Deposit> report(
            @HeaderParam("Custodian-Signature") @Nullable String signature, String body)
            throws JsonProcessingException {
        DepositNotice notice =
                CustodianNotices.read(custodian, signature, body, json, DepositNotice.class);
        String reference = Fields.required("reference", notice.reference(), Texts::reference);
        Asset asset = AssetFields.code(notice.asset());
        Usd amount = positive(notice.amount());
        String address = Fields.required("address", notice.address(), DepositResource::address);
        Holder holder =
                transactions
                        .callPublic(tx -> deposits.holderOf(tx, address))
                        .orElseThrow(
                                () ->
                                        assets.has(asset)
                                                ? subaccountUnknown("address")
                                                : AssetFields.notKept(asset, assets.codes()));
        return credit(
                new CreditDeposit(
                        holder.user(),
                        holder.subaccount(),
                        asset,
                        amount,
                        Source.CUSTODIAN,
                        reference),
                "address");
    }

    /** Gives money away. */
    @POST
    @Path("/faucet")
    @Operation(
            operationId = "useFaucet",
            summary = "Get test money (development stacks only)",
            description =
                    "With a reference, a repeat of the request gets the first answer, with status"
                            + " 200.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = FAUCET_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Credited",
            content = @Content(schema = @Schema(implementation = Deposit.class)))
    @APIResponse(
            responseCode = "200",
            description = "Credited before",
            content = @Content(schema = @Schema(implementation = Deposit.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "403", description = "FAUCET_DISABLED")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    @APIResponse(responseCode = "409", description = "REFERENCE_REUSED, USER_CLOSING")
    @APIResponse(responseCode = "422", description = "FAUCET_LIMIT_EXCEEDED")
    public RestResponse<Deposit> faucet(FaucetRequest request) {
        if (!config.faucetEnabled()) {
            throw Problem.of(403, "FAUCET_DISABLED", "this platform gives no money away")
                    .exception();
        }
        Asset asset = request.asset() == null ? Asset.USDC : AssetFields.code(request.asset());
        Usd amount = positive(request.amount());
        if (assets.has(asset)
                && assets.dollars(asset, amount)
                                .compareTo(Usd.ofDollars(config.faucetLimitDollars()))
                        > 0) {
            throw Problem.of(
                            422,
                            "FAUCET_LIMIT_EXCEEDED",
                            "one call gives at most %d US dollars"
                                    .formatted(config.faucetLimitDollars()))
                    .at("amount")
                    .exception();
        }
        String reference =
                request.reference() == null
                        ? UUID.randomUUID().toString()
                        : Fields.required("reference", request.reference(), Texts::reference);
        return credit(
                new CreditDeposit(
                        caller.user(),
                        request.subaccountId(),
                        asset,
                        amount,
                        Source.FAUCET,
                        caller.user() + ":" + reference),
                "subaccountId");
    }

    /** The caller's own deposits. */
    @GET
    @Path("/deposits")
    @Operation(operationId = "listDeposits", summary = "The caller's deposits, newest first")
    @APIResponse(responseCode = "200", description = "A page of deposits")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<Deposit> list(
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        List<DepositRow> rows = transactions.call(caller.user(), tx -> deposits.list(tx, page));
        return Page.of(
                page,
                rows,
                DepositResource::shown,
                row -> new Cursor(row.creditedAt().toEpochMilli(), row.id()));
    }

    private RestResponse<Deposit> credit(CreditDeposit command, String holderField) {
        return switch (credits.handle(command)) {
            case DepositCredited credited ->
                    RestResponse.status(
                            credited.repeated()
                                    ? RestResponse.Status.OK
                                    : RestResponse.Status.CREATED,
                            shown(credited.deposit()));
            case ReferenceTaken taken ->
                    throw Problem.conflict(
                                    "REFERENCE_REUSED", "the reference stands for another deposit")
                            .at("reference")
                            .exception();
            case AssetNotKept() -> throw AssetFields.notKept(command.asset(), assets.codes());
            case AccountUnknown unknown -> throw subaccountUnknown(holderField);
            case UserLeft left ->
                    throw (left.state() == UserState.CLOSING
                                    ? Problem.conflict(
                                            "USER_CLOSING",
                                            "the user asked to be deleted; report it again later")
                                    : Problem.conflict(
                                            "USER_DELETED", "the user is deleted; return it"))
                            .at(holderField)
                            .exception();
        };
    }

    private static Deposit shown(DepositRow row) {
        Source source = Source.valueOf(row.source());
        String reference = row.reference();
        return new Deposit(
                Long.toString(row.id()),
                row.subaccount().toString(),
                row.asset(),
                row.amount().toString(),
                source,
                source == Source.FAUCET
                        ? reference.substring(reference.indexOf(':') + 1)
                        : reference,
                "CREDITED",
                new LedgerTransactionId(
                                row.subaccount(), new Asset(row.asset()), row.transactionNumber())
                        .toString(),
                row.creditSequence(),
                row.creditedAt());
    }

    private static String address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("expected 0x and 40 hexadecimal digits");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static Usd positive(Usd amount) {
        if (amount.signum() <= 0 || amount.compareTo(LARGEST_DEPOSIT) > 0) {
            throw Problem.fieldInvalid(
                            "amount", "'amount' is positive and at most " + LARGEST_DEPOSIT)
                    .exception();
        }
        return amount;
    }

    private static RuntimeException subaccountUnknown(String field) {
        return Problem.notFound("SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                .at(field)
                .exception();
    }
}
