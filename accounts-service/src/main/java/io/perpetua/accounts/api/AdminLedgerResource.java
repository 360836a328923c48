package io.perpetua.accounts.api;

import io.perpetua.accounts.api.LedgerResource.Trial;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.ReconcileHandler;
import io.perpetua.accounts.app.TrialBalances;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.ledger.LedgerTransactionId;
import io.perpetua.accounts.persistence.ReconciliationStore;
import io.perpetua.accounts.persistence.ReconciliationStore.DifferenceRow;
import io.perpetua.accounts.persistence.ReconciliationStore.RunRow;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The ledger as a whole, as administrators see it, and its comparisons with risk. */
@Path("/v1/admin/ledger")
@PermitAll
@SecurityRequirement(name = AdminFilter.SECURITY)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Ledger, for administrators", description = "Needs an administrator's token.")
public class AdminLedgerResource {
    private final AdminCaller caller;
    private final TrialBalances trialBalances;
    private final ReconcileHandler reconciling;
    private final ReconciliationStore reconciliations;
    private final AdminTransactions transactions;
    private final RequestOrigin origin;

    /** With the handler of its command and what it reads. */
    public AdminLedgerResource(
            AdminCaller caller,
            TrialBalances trialBalances,
            ReconcileHandler reconciling,
            ReconciliationStore reconciliations,
            AdminTransactions transactions,
            RequestOrigin origin) {
        this.caller = caller;
        this.trialBalances = trialBalances;
        this.reconciling = reconciling;
        this.reconciliations = reconciliations;
        this.transactions = transactions;
        this.origin = origin;
    }

    /** A comparison of the ledger with risk's copies, and of what risk has none of with itself. */
    public record Reconciliation(
            String id,
            @Schema(description = "NIGHTLY, ON_DEMAND") String kind,
            Instant startedAt,
            @Schema(
                            description =
                                    "whether risk has answered for every account in USDC, and all"
                                            + " those of other assets are checked")
                    boolean done,
            @Schema(description = "accounts in USDC that risk was asked for so far") long asked,
            @Schema(description = "of these, those it has answered for") long compared,
            @Schema(description = "of these, those on which ledger and risk differ") long differing,
            @Schema(description = "when the last answer came") @Nullable Instant comparedAt,
            @Schema(
                            description =
                                    "accounts of other assets whose transactions were added up so"
                                            + " far")
                    long checked,
            @Schema(description = "of these, those that differ from their transactions")
                    long contradicting,
            @Schema(description = "when the last of them was checked")
                    @Nullable Instant checkedAt) {}

    /** An account on which ledger and risk differ, or the ledger with itself. */
    public record Difference(
            String subaccountId,
            @Schema(
                            description =
                                    "USDC is compared with risk, another asset with the account's"
                                            + " own transactions")
                    String asset,
            @Schema(description = "the account was compared with all settlements up to this one")
                    long settlementSequence,
            @Schema(description = "and with all credits up to this one") long creditSequence,
            @Schema(description = "the ledger's balance there") String ledger,
            @Schema(description = "risk's copy of it; null of other assets than USDC")
                    @Nullable String risk,
            @Schema(description = "what the account's transactions add up to; null of USDC")
                    @Nullable String postings,
            @Schema(
                            description =
                                    "the first settlement at which they can differ: that of the"
                                            + " first transaction that contradicts itself, or else"
                                            + " the one after the last agreement; null of other"
                                            + " assets than USDC")
                    @Nullable Long firstSequence,
            @Schema(
                            description =
                                    "the first transaction since the last agreement after which"
                                            + " the ledger contradicts itself; null when it does"
                                            + " not, so that risk is wrong, or when more had to be"
                                            + " searched than settlements can wait for. Of other"
                                            + " assets than USDC the first of all that is missing,"
                                            + " or whose balance is not the sum up to it; null when"
                                            + " only the account's balance is another one")
                    @Nullable String firstTransactionId,
            Instant foundAt) {}

    /** Everybody's ledger, added up. */
    @GET
    @Path("/trial-balance")
    @RequiresPermission(AdminPermission.READ_LEDGER)
    @Operation(
            operationId = "getTrialBalanceAsAdmin",
            summary = "The whole ledger added up: every asset sums to zero")
    @APIResponse(
            responseCode = "200",
            description = "Per asset and account: the balance and the sum of its postings",
            content = @Content(schema = @Schema(implementation = Trial.class)))
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(
            responseCode = "503",
            description = "TRIAL_BALANCE_PENDING: the first is being added up, or has failed")
    public Trial trialBalance() {
        return LedgerResource.shown(trialBalances.current());
    }

    /** Starts a comparison. */
    @POST
    @Path("/reconciliations")
    @RequiresPermission(AdminPermission.RECONCILE_LEDGER)
    @Operation(
            operationId = "startReconciliation",
            summary = "Compare every account with risk's copy of it",
            description =
                    "Each account's balance is held against risk's collateral at the same credit"
                            + " and settlement, while trading goes on; what there is of other"
                            + " assets, of which risk has no copy, against its own transactions."
                            + " It is also done every night.")
    @APIResponse(
            responseCode = "202",
            description = "Started",
            content = @Content(schema = @Schema(implementation = Reconciliation.class)))
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(
            responseCode = "409",
            description = "RECONCILIATION_RUNNING: one has not asked for every account yet")
    public RestResponse<Reconciliation> start() {
        RunRow run =
                reconciling
                        .startOnDemand(caller.id(), origin.origin())
                        .orElseThrow(
                                () ->
                                        Problem.conflict(
                                                        "RECONCILIATION_RUNNING",
                                                        "one has not asked for every account yet")
                                                .exception());
        return RestResponse.status(RestResponse.Status.ACCEPTED, shown(run));
    }

    /** Comparisons. */
    @GET
    @Path("/reconciliations")
    @RequiresPermission(AdminPermission.READ_LEDGER)
    @Operation(
            operationId = "listReconciliations",
            summary = "Comparisons of the ledger with risk's copies of its balances, newest first")
    @APIResponse(responseCode = "200", description = "A page of comparisons")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Page<Reconciliation> list(
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        List<RunRow> rows = transactions.call(caller.id(), tx -> reconciliations.runs(tx, page));
        return Page.of(
                page,
                rows,
                AdminLedgerResource::shown,
                row -> new Cursor(row.startedAt().toEpochMilli(), row.id()));
    }

    /** One of them. */
    @GET
    @Path("/reconciliations/{reconciliationId}")
    @RequiresPermission(AdminPermission.READ_LEDGER)
    @Operation(operationId = "getReconciliation", summary = "A comparison, as far as it has come")
    @APIResponse(
            responseCode = "200",
            description = "The comparison",
            content = @Content(schema = @Schema(implementation = Reconciliation.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "RECONCILIATION_UNKNOWN")
    public Reconciliation get(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("reconciliationId")
                    String reconciliationId) {
        long id = id(reconciliationId);
        return shown(
                transactions
                        .call(caller.id(), tx -> reconciliations.run(tx, id))
                        .orElseThrow(AdminLedgerResource::unknown));
    }

    /** What it found. */
    @GET
    @Path("/reconciliations/{reconciliationId}/differences")
    @RequiresPermission(AdminPermission.READ_LEDGER)
    @Operation(
            operationId = "listDifferences",
            summary = "The accounts on which ledger and risk differ, or the ledger with itself",
            description = "What was found last comes first.")
    @APIResponse(responseCode = "200", description = "A page of differences")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "404", description = "RECONCILIATION_UNKNOWN")
    public Page<Difference> differences(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,15}$"))
                    @PathParam("reconciliationId")
                    String reconciliationId,
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        long id = id(reconciliationId);
        PageRequest page = PageRequest.of(limit, cursor);
        List<DifferenceRow> rows =
                transactions.call(
                        caller.id(),
                        tx -> {
                            if (reconciliations.run(tx, id).isEmpty()) {
                                throw unknown();
                            }
                            return reconciliations.differences(tx, id, page);
                        });
        return Page.of(
                page,
                rows,
                AdminLedgerResource::shown,
                row -> new Cursor(row.foundAt().toEpochMilli(), row.id()));
    }

    private static long id(String text) {
        return Fields.required("reconciliationId", text, Texts::number);
    }

    private static RuntimeException unknown() {
        return Problem.notFound("RECONCILIATION_UNKNOWN", "there is no such comparison")
                .at("reconciliationId")
                .exception();
    }

    private static Reconciliation shown(RunRow run) {
        return new Reconciliation(
                Long.toString(run.id()),
                run.kind(),
                run.startedAt(),
                run.isDone(),
                run.asked(),
                run.compared(),
                run.differing(),
                run.comparedAt(),
                run.checked(),
                run.contradicting(),
                run.checkedAt());
    }

    private static Difference shown(DifferenceRow row) {
        Long first = row.firstTransaction();
        return new Difference(
                row.subaccount().toString(),
                row.asset().code(),
                row.settlementSequence(),
                row.creditSequence(),
                row.ledger().toString(),
                text(row.risk()),
                text(row.postings()),
                row.firstSequence(),
                first == null
                        ? null
                        : new LedgerTransactionId(row.subaccount(), row.asset(), first).toString(),
                row.foundAt());
    }

    private static @Nullable String text(@Nullable Usd amount) {
        return amount == null ? null : amount.toString();
    }
}
