package io.perpetua.accounts.api;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.perpetua.accounts.app.AddExchangeKeyHandler;
import io.perpetua.accounts.app.AddExchangeKeyHandler.AddExchangeKey;
import io.perpetua.accounts.app.AddExchangeKeyHandler.AddOutcome.ClientIdTaken;
import io.perpetua.accounts.app.AddExchangeKeyHandler.AddOutcome.KeyAdded;
import io.perpetua.accounts.app.AddExchangeKeyHandler.AddOutcome.KeysExhausted;
import io.perpetua.accounts.app.ChangeExchangeKeyHandler;
import io.perpetua.accounts.app.ChangeExchangeKeyHandler.ChangeExchangeKey;
import io.perpetua.accounts.app.ExchangeBalances.Failure;
import io.perpetua.accounts.app.FetchFundsHandler;
import io.perpetua.accounts.app.FetchFundsHandler.FetchFunds;
import io.perpetua.accounts.app.FetchFundsHandler.FetchOutcome;
import io.perpetua.accounts.app.RemoveExchangeKeyHandler;
import io.perpetua.accounts.app.RemoveExchangeKeyHandler.RemoveExchangeKey;
import io.perpetua.accounts.app.UseExchangeKeyHandler;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseExchangeKey;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseOutcome.BeyondPurpose;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseOutcome.KeyUnknown;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseOutcome.MessageMisfit;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseOutcome.PayloadMisfit;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseOutcome.Signed;
import io.perpetua.accounts.app.UseExchangeKeyHandler.UseOutcome.UseRefused;
import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.ExchangeKeyRefusal;
import io.perpetua.accounts.domain.exchange.ExchangeKeyScope;
import io.perpetua.accounts.domain.exchange.ExchangeSigning;
import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import io.perpetua.accounts.domain.exchange.SignedParts;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudget;
import io.perpetua.edge.RateClass;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.Cache;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The caller's keys of other exchanges: kept and used, never shown, but for the public half of one
 * as part of a request that it signed.
 */
@Path("/v1/exchange-keys")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(
        name = "Exchange keys",
        description =
                "API keys of other exchanges, which the platform keeps sealed and signs with.")
public class ExchangeKeyResource {
    private static final String CLIENT_ID_PATTERN = "[A-Za-z0-9._:-]{1,64}";
    private static final Pattern CLIENT_ID = Pattern.compile(CLIENT_ID_PATTERN);
    private static final Pattern EXCHANGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}");
    private static final Pattern NONCE = Pattern.compile("[0-9]{1,20}");

    private static final String ADD_EXAMPLE =
            "{\"clientKeyId\":\"binance-1\",\"exchange\":\"Binance\",\"name\":\"Grid bot\","
                    + "\"scopes\":[\"READ\",\"TRADE\"],"
                    + "\"key\":\"vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv\","
                    + "\"secret\":\"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP\"}";
    private static final String SIGN_EXAMPLE =
            "{\"purpose\":\"TRADE\","
                    + "\"payload\":\"symbol=BTCUSDT&side=BUY&timestamp=1499827319559\"}";

    private final Caller caller;
    private final RequestOrigin origin;
    private final UserTransactions transactions;
    private final ExchangeKeyStore store;
    private final AddExchangeKeyHandler adding;
    private final ChangeExchangeKeyHandler changing;
    private final RemoveExchangeKeyHandler removing;
    private final UseExchangeKeyHandler using;
    private final FetchFundsHandler fetching;

    /** With what it reads and the handlers of its commands. */
    public ExchangeKeyResource(
            Caller caller,
            RequestOrigin origin,
            UserTransactions transactions,
            ExchangeKeyStore store,
            AddExchangeKeyHandler adding,
            ChangeExchangeKeyHandler changing,
            RemoveExchangeKeyHandler removing,
            UseExchangeKeyHandler using,
            FetchFundsHandler fetching) {
        this.caller = caller;
        this.origin = origin;
        this.transactions = transactions;
        this.store = store;
        this.adding = adding;
        this.changing = changing;
        this.removing = removing;
        this.using = using;
        this.fetching = fetching;
    }

    /** A key to keep. */
    @Schema(requiredProperties = {"clientKeyId", "exchange", "key", "secret"})
    public record ExchangeKeyRequest(
            @Schema(
                            description =
                                    "makes a repeat of the request harmless; the user's own,"
                                            + " unique",
                            pattern = "^" + CLIENT_ID_PATTERN + "$")
                    String clientKeyId,
            @Schema(description = "Binance, Coinbase, Kraken, Zerodha or any other")
                    String exchange,
            @Schema(description = "1 to 64 characters; the exchange's name if absent")
                    @Nullable String name,
            @Schema(description = "what it may be used for; both if absent")
                    @Nullable Set<ExchangeKeyScope> scopes,
            @JsonDeserialize(using = SecretText.Taken.class)
                    @Schema(implementation = String.class, format = "password")
                    Secret key,
            @JsonDeserialize(using = SecretText.Taken.class)
                    @Schema(implementation = String.class, format = "password")
                    Secret secret,
            @JsonDeserialize(using = SecretText.Taken.class)
                    @Schema(
                            implementation = String.class,
                            format = "password",
                            description =
                                    "where the exchange asks for one; of Zerodha, the access"
                                            + " token of the day")
                    @Nullable Secret passphrase) {}

    /** A partial change. */
    public record ExchangeKeyChange(
            @Schema(description = "stays as it is if absent") @Nullable String name,
            @Schema(description = "stays as it is if absent") @Nullable Boolean active,
            @JsonDeserialize(using = SecretText.Taken.class)
                    @Schema(
                            implementation = String.class,
                            format = "password",
                            description =
                                    "stays as it is if absent; of Zerodha, the access token of the"
                                            + " day")
                    @Nullable Secret passphrase) {}

    /** A key, as far as it is ever shown. */
    public record ExchangeKey(
            String id,
            String clientKeyId,
            String exchange,
            String name,
            List<ExchangeKeyScope> scopes,
            @Schema(description = "**** and the key's last four characters, if it is long enough")
                    String keyHint,
            boolean hasPassphrase,
            boolean active,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    /** A wish for a signature. */
    @Schema(requiredProperties = {"purpose", "payload"})
    public record SignatureRequest(
            @Schema(description = "must be among the key's scopes") ExchangeKeyScope purpose,
            @Schema(
                            description =
                                    "query or body as it is sent: 1 to 8192 characters; for EC keys"
                                            + " of Coinbase the request's method, host and path,"
                                            + " 'GET api.coinbase.com/api/v3/brokerage/accounts';"
                                            + " for keys of Zerodha the request token that its"
                                            + " login gave")
                    String payload,
            @Schema(
                            description =
                                    "of the URI; for keys of Kraken, and no others: 1 to 256"
                                            + " printable ASCII characters")
                    @Nullable String path,
            @Schema(
                            description =
                                    "of the payload; for keys of Kraken, and no others: 1 to 20"
                                            + " digits")
                    @Nullable String nonce) {}

    /** A signature, and where it goes. */
    public record ExchangeSignature(
            String exchangeKeyId,
            ExchangeSigning algorithm,
            @Schema(
                            description =
                                    "in hexadecimal digits (HMAC_SHA256, SHA256) or base64"
                                            + " (HMAC_SHA512); the token whole (ES256)")
                    String signature,
            @Schema(
                            description =
                                    "to be sent with the request; none for an exchange that the"
                                            + " platform does not know")
                    List<SignedPart> headers,
            @Schema(
                            description =
                                    "to be added to the query or form, behind the payload, not"
                                            + " encoded yet")
                    List<SignedPart> parameters,
            Instant signedAt) {}

    /** A header or parameter. */
    public record SignedPart(String name, String value) {
        @Override
        public String toString() {
            return name + "=****";
        }
    }

    /** What there is at an exchange. */
    public record ExchangeFunds(
            String exchangeKeyId,
            String exchange,
            @Schema(description = "when the exchange was asked") Instant asOf,
            @Schema(description = "what there is nothing of is left out")
                    List<FundResource.Fund> items) {}

    /** Adds one. */
    @POST
    @RateBudget(RateClass.SECRET)
    @Operation(
            operationId = "addExchangeKey",
            summary = "Keep a key of another exchange",
            description =
                    "Its parts are sealed, and nothing shows them again but the key, the public half,"
                            + " as part of a request that is signed. A repeat with the same"
                            + " clientKeyId and content gets the first answer, with status 200.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "binance", value = ADD_EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Kept",
            content = @Content(schema = @Schema(implementation = ExchangeKey.class)))
    @APIResponse(
            responseCode = "200",
            description = "Kept before",
            content = @Content(schema = @Schema(implementation = ExchangeKey.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "409",
            description = "CLIENT_KEY_ID_REUSED: the id stands for another key")
    @APIResponse(
            responseCode = "422",
            description = "EXCHANGE_KEYS_EXHAUSTED: the user has as many as allowed")
    public RestResponse<ExchangeKey> add(ExchangeKeyRequest request) {
        try (Secret key = request.key();
                Secret secret = request.secret();
                Secret passphrase = request.passphrase()) {
            String clientKeyId =
                    Fields.required(
                            "clientKeyId", request.clientKeyId(), ExchangeKeyResource::clientId);
            String exchange =
                    Fields.required("exchange", request.exchange(), ExchangeKeyResource::exchange);
            String name = Fields.optional("name", request.name(), ExchangeKeyResource::name);
            AddExchangeKey command =
                    new AddExchangeKey(
                            caller.user(),
                            clientKeyId,
                            exchange,
                            name == null ? exchange : name,
                            scopes(request.scopes()),
                            key,
                            secret,
                            passphrase,
                            origin.origin());
            return switch (adding.handle(command)) {
                case KeyAdded added ->
                        RestResponse.status(
                                added.repeated()
                                        ? RestResponse.Status.OK
                                        : RestResponse.Status.CREATED,
                                shown(added.key()));
                case ClientIdTaken taken ->
                        throw Problem.conflict(
                                        "CLIENT_KEY_ID_REUSED", "the id stands for another key")
                                .at("clientKeyId")
                                .exception();
                case KeysExhausted exhausted ->
                        throw Problem.of(
                                        422,
                                        "EXCHANGE_KEYS_EXHAUSTED",
                                        "a user has at most " + exhausted.most() + " keys")
                                .exception();
            };
        }
    }

    /** All of the caller's. */
    @GET
    @Operation(
            operationId = "listExchangeKeys",
            summary = "The caller's keys of other exchanges, newest first")
    @APIResponse(responseCode = "200", description = "A page of keys")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<ExchangeKey> list(
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        List<ExchangeKeyRow> rows = transactions.call(caller.user(), tx -> store.list(tx, page));
        return Page.of(
                page,
                rows,
                ExchangeKeyResource::shown,
                row -> new Cursor(row.createdAt().toEpochMilli(), row.id()));
    }

    /** One of them. */
    @GET
    @Path("/{exchangeKeyId}")
    @Operation(operationId = "getExchangeKey", summary = "One of the caller's keys")
    @APIResponse(
            responseCode = "200",
            description = "The key",
            content = @Content(schema = @Schema(implementation = ExchangeKey.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "EXCHANGE_KEY_UNKNOWN")
    public ExchangeKey get(@PathParam("exchangeKeyId") String exchangeKeyId) {
        long id = number(exchangeKeyId);
        return transactions
                .call(caller.user(), tx -> store.find(tx, id))
                .map(ExchangeKeyResource::shown)
                .orElseThrow(ExchangeKeyResource::unknown);
    }

    /** Changes one. */
    @PATCH
    @Path("/{exchangeKeyId}")
    @RateBudget(RateClass.SECRET)
    @Operation(
            operationId = "changeExchangeKey",
            summary = "Rename a key, switch it on or off, or give it another passphrase",
            description = "What is absent stays as it is.")
    @RequestBody(
            required = true,
            content =
                    @Content(examples = @ExampleObject(name = "off", value = "{\"active\":false}")))
    @APIResponse(
            responseCode = "200",
            description = "The key as it is now",
            content = @Content(schema = @Schema(implementation = ExchangeKey.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "EXCHANGE_KEY_UNKNOWN")
    public ExchangeKey change(
            @PathParam("exchangeKeyId") String exchangeKeyId, ExchangeKeyChange change) {
        long id = number(exchangeKeyId);
        try (Secret passphrase = change.passphrase()) {
            String name = Fields.optional("name", change.name(), ExchangeKeyResource::name);
            return changing.handle(
                            new ChangeExchangeKey(
                                    caller.user(),
                                    id,
                                    name,
                                    change.active(),
                                    passphrase,
                                    origin.origin()))
                    .map(ExchangeKeyResource::shown)
                    .orElseThrow(ExchangeKeyResource::unknown);
        }
    }

    /** Removes one. */
    @DELETE
    @Path("/{exchangeKeyId}")
    @Operation(
            operationId = "removeExchangeKey",
            summary = "Remove a key and its secrets",
            description = "The answer is the key as it was. Its clientKeyId may be used anew.")
    @APIResponse(
            responseCode = "200",
            description = "Removed",
            content = @Content(schema = @Schema(implementation = ExchangeKey.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "EXCHANGE_KEY_UNKNOWN")
    public ExchangeKey remove(@PathParam("exchangeKeyId") String exchangeKeyId) {
        long id = number(exchangeKeyId);
        return removing.handle(new RemoveExchangeKey(caller.user(), id, origin.origin()))
                .map(ExchangeKeyResource::shown)
                .orElseThrow(ExchangeKeyResource::unknown);
    }

    /** Signs with one. */
    @POST
    @Path("/{exchangeKeyId}/signatures")
    @Cache(noStore = true)
    @RateBudget(RateClass.SECRET)
    @Operation(
            operationId = "signWithExchangeKey",
            summary = "Sign a request to the exchange with the key's secret",
            description =
                    "As the key's exchange wants it, with the headers and parameters that make the"
                            + " request whole, the key's name among them. Kraken: HMAC-SHA-512"
                            + " under the secret's base64"
                            + " content over path and SHA-256(nonce and payload), in base64."
                            + " Coinbase with an EC key in PEM as its secret: a JWT (ES256) over"
                            + " method, host and path, valid for two minutes. Zerodha: the"
                            + " checksum by which a request token becomes a session, SHA-256 over"
                            + " key, request token and secret; it wants the purpose TRADE. All"
                            + " others: HMAC-SHA-256 over the payload's UTF-8 bytes, in hexadecimal"
                            + " digits; such a payload does not show whether it only reads, so it"
                            + " wants the purpose TRADE too. Of Kraken READ signs paths that read,"
                            + " TRADE those of orders besides; of Coinbase READ signs GET, TRADE POST"
                            + " of orders and conversions besides. What takes money out is signed"
                            + " for no purpose where path or method shows it. Secret and passphrase"
                            + " stay here: where an exchange wants one in a header, as Coinbase"
                            + " Exchange does, it is refused. Each call is in the audit log.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "order", value = SIGN_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "The signature",
            content = @Content(schema = @Schema(implementation = ExchangeSignature.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "EXCHANGE_KEY_UNKNOWN")
    @APIResponse(
            responseCode = "422",
            description =
                    "KEY_INACTIVE, PURPOSE_OUT_OF_SCOPE, SECRET_IN_HEADER, SESSION_NEEDS_TRADE,"
                            + " SIGNATURE_NEEDS_TRADE, SECRET_MALFORMED; REQUEST_BEYOND_PURPOSE: the"
                            + " path or method is not among those that are signed for the purpose,"
                            + " which the problem lists")
    @APIResponse(responseCode = "429", description = "RATE_LIMITED: see Retry-After")
    public ExchangeSignature sign(
            @PathParam("exchangeKeyId") String exchangeKeyId, SignatureRequest request) {
        long id = number(exchangeKeyId);
        String payload =
                Fields.required("payload", request.payload(), ExchangeKeyResource::payload);
        Message message =
                new Message(
                        payload,
                        Fields.optional("path", request.path(), text -> Texts.word(text, 256)),
                        Fields.optional("nonce", request.nonce(), ExchangeKeyResource::nonce));
        UseExchangeKey command =
                new UseExchangeKey(caller.user(), id, request.purpose(), message, origin.origin());
        return switch (using.handle(command)) {
            case Signed signed ->
                    new ExchangeSignature(
                            Long.toString(id),
                            signed.signing(),
                            signed.parts().signature(),
                            shown(signed.parts().headers()),
                            shown(signed.parts().parameters()),
                            signed.at());
            case UseRefused refused -> throw refusal(refused.refusal());
            case MessageMisfit misfit -> throw misfit(misfit.needsPathAndNonce(), message);
            case PayloadMisfit misfit ->
                    throw Problem.fieldInvalid(
                                    "payload",
                                    misfit.signing() == ExchangeSigning.ES256
                                            ? "this exchange signs 'METHOD host/path', up to 512"
                                                    + " characters"
                                            : "this exchange signs a request token, 1 to 64 letters"
                                                    + " and digits")
                            .exception();
            case BeyondPurpose beyond ->
                    throw Problem.of(
                                    422,
                                    "REQUEST_BEYOND_PURPOSE",
                                    "no such request is signed for " + request.purpose())
                            .at(beyond.byPath() ? "path" : "payload")
                            .allowing(beyond.allowed())
                            .exception();
            case KeyUnknown unknown -> throw unknown();
        };
    }

    /** Asks the exchange what there is. */
    @POST
    @Path("/{exchangeKeyId}/funds")
    @RateBudget(RateClass.SECRET)
    @Operation(
            operationId = "fetchFunds",
            summary = "Ask the key's exchange what its owner has there",
            description =
                    "The platform itself asks Binance, Coinbase (Advanced, or Exchange with a"
                            + " passphrase), Kraken or Zerodha (with the access token of the day as"
                            + " passphrase), and keeps the answer in the place of the last one; GET"
                            + " /v1/funds shows it. The key must be for READ. Each call is in the"
                            + " audit log before the exchange is asked.")
    @APIResponse(
            responseCode = "200",
            description = "What there is",
            content = @Content(schema = @Schema(implementation = ExchangeFunds.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "EXCHANGE_KEY_UNKNOWN")
    @APIResponse(
            responseCode = "422",
            description =
                    "KEY_INACTIVE, PURPOSE_OUT_OF_SCOPE, EXCHANGE_UNSUPPORTED, PASSPHRASE_MISSING,"
                            + " SECRET_MALFORMED; EXCHANGE_REFUSED_KEY: the exchange does not take"
                            + " the key, or not for this")
    @APIResponse(responseCode = "429", description = "RATE_LIMITED: see Retry-After")
    @APIResponse(
            responseCode = "502",
            description =
                    "EXCHANGE_UNREACHABLE: no answer in time, or it asks for patience;"
                            + " EXCHANGE_ANSWER_INVALID: it answers otherwise than it documents")
    @APIResponse(responseCode = "503", description = "OVERLOADED: see Retry-After")
    public ExchangeFunds fetchFunds(@PathParam("exchangeKeyId") String exchangeKeyId) {
        long id = number(exchangeKeyId);
        return switch (fetching.handle(new FetchFunds(caller.user(), id, origin.origin()))) {
            case FetchOutcome.Fetched fetched ->
                    new ExchangeFunds(
                            Long.toString(id),
                            fetched.exchange(),
                            fetched.asOf(),
                            fetched.funds().stream().map(FundResource::shown).toList());
            case FetchOutcome.FetchRefused refused -> throw refusal(refused.refusal());
            case FetchOutcome.FetchFailed failed -> throw failure(failed.failure());
            case FetchOutcome.KeyUnknown unknown -> throw unknown();
        };
    }

    private static RuntimeException failure(Failure failure) {
        return switch (failure) {
            case EXCHANGE_REFUSED_KEY ->
                    Problem.refused(
                                    failure,
                                    "the exchange does not take the key, or not for this; or it has"
                                            + " seen a higher nonce of it")
                            .exception();
            case EXCHANGE_UNREACHABLE ->
                    Problem.of(
                                    502,
                                    failure.name(),
                                    "the exchange does not answer in time, or asks for patience;"
                                            + " retry")
                            .exception();
            case EXCHANGE_ANSWER_INVALID ->
                    Problem.of(
                                    502,
                                    failure.name(),
                                    "the exchange answers otherwise than it documents")
                            .exception();
            case OVERLOADED ->
                    Problem.of(503, failure.name(), "too many exchanges are being asked; retry")
                            .exception();
        };
    }

    private static RuntimeException misfit(boolean needed, Message message) {
        String field = (message.path() == null) == needed ? "path" : "nonce";
        return needed
                ? Problem.fieldMissing(field).exception()
                : Problem.fieldInvalid(field, "this exchange signs the payload alone").exception();
    }

    private static RuntimeException refusal(ExchangeKeyRefusal refusal) {
        return switch (refusal) {
            case KEY_INACTIVE -> Problem.refused(refusal, "the key is switched off").exception();
            case PURPOSE_OUT_OF_SCOPE ->
                    Problem.refused(refusal, "the key may not be used for this")
                            .at("purpose")
                            .exception();
            case EXCHANGE_UNSUPPORTED ->
                    Problem.refused(refusal, "this exchange can't be asked for balances")
                            .at("exchange")
                            .allowing(ExchangeApi.WITH_BALANCES)
                            .exception();
            case SECRET_IN_HEADER ->
                    Problem.refused(
                                    refusal,
                                    "this exchange wants the passphrase in a header, and nobody is"
                                            + " given it; the platform itself asks for balances by"
                                            + " POST ../funds")
                            .exception();
            case SESSION_NEEDS_TRADE ->
                    Problem.refused(
                                    refusal,
                                    "a session of this exchange may trade: sign for TRADE, by a key"
                                            + " that may be used for it")
                            .at("purpose")
                            .allowing(List.of(ExchangeKeyScope.TRADE.name()))
                            .exception();
            case SIGNATURE_NEEDS_TRADE ->
                    Problem.refused(
                                    refusal,
                                    "what this exchange has signed does not show whether it only"
                                            + " reads: sign for TRADE, by a key that may be used for"
                                            + " it; the platform itself asks for balances by POST"
                                            + " ../funds")
                            .at("purpose")
                            .allowing(List.of(ExchangeKeyScope.TRADE.name()))
                            .exception();
            case PASSPHRASE_MISSING ->
                    Problem.refused(
                                    refusal,
                                    "the exchange asks for a passphrase or access token, and the"
                                            + " key has none")
                            .at("passphrase")
                            .exception();
            case SECRET_MALFORMED ->
                    Problem.refused(
                                    refusal,
                                    "a part of the key is not written as the exchange's are: key and"
                                            + " passphrase without blanks and line ends, the secret"
                                            + " in base64, or an EC key on P-256 in PEM")
                            .exception();
        };
    }

    private static RuntimeException unknown() {
        return Problem.notFound("EXCHANGE_KEY_UNKNOWN", "there is no such key")
                .at("exchangeKeyId")
                .exception();
    }

    private static List<SignedPart> shown(List<SignedParts.Part> parts) {
        return parts.stream().map(part -> new SignedPart(part.name(), part.value())).toList();
    }

    private static ExchangeKey shown(ExchangeKeyRow row) {
        return new ExchangeKey(
                Long.toString(row.id()),
                row.clientKeyId(),
                row.exchange(),
                row.name(),
                row.scopes().stream().sorted().toList(),
                row.keyHint(),
                row.hasPassphrase(),
                row.isActive(),
                row.createdAt(),
                row.lastUsedAt());
    }

    private static Set<ExchangeKeyScope> scopes(@Nullable Set<ExchangeKeyScope> scopes) {
        if (scopes == null) {
            return EnumSet.allOf(ExchangeKeyScope.class);
        }
        if (scopes.isEmpty()) {
            throw Problem.fieldInvalid("scopes", "a key is for something").exception();
        }
        return scopes;
    }

    private static long number(String id) {
        return Fields.required("exchangeKeyId", id, Texts::number);
    }

    private static String clientId(String text) {
        if (!CLIENT_ID.matcher(text).matches()) {
            throw new IllegalArgumentException("must match " + CLIENT_ID_PATTERN);
        }
        return text;
    }

    private static String exchange(String text) {
        if (!EXCHANGE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an exchange has 1 to 32 letters, digits, blanks and ._-");
        }
        return text;
    }

    private static String name(String text) {
        return Texts.line(text, 64);
    }

    private static String nonce(String text) {
        if (!NONCE.matcher(text).matches()) {
            throw new IllegalArgumentException("a nonce has 1 to 20 digits");
        }
        return text;
    }

    private static String payload(String text) {
        if (text.isEmpty() || text.length() > 8_192) {
            throw new IllegalArgumentException("a payload has 1 to 8192 characters");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a payload has whole characters");
        }
        return text;
    }
}
