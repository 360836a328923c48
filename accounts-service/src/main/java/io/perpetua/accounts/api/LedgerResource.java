package io.perpetua.accounts.api;

import io.perpetua.accounts.app.BalanceQueries;
import io.perpetua.accounts.app.BalanceQueries.DividedBalance;
import io.perpetua.accounts.app.TrialBalances;
import io.perpetua.accounts.app.TrialBalances.TrialBalance;
import io.perpetua.accounts.domain.availability.Availability;
import io.perpetua.accounts.domain.availability.AvailableBalance;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.ledger.LedgerTransactionId;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerReads.BalanceRow;
import io.perpetua.accounts.persistence.LedgerReads.StatementFilter;
import io.perpetua.accounts.persistence.LedgerReads.StatementRow;
import io.perpetua.accounts.persistence.LedgerReads.TrialRow;
import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.Times;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the ledger says. Reads only, so most of it goes from here to the repository. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Ledger", description = "Balances and the double-entry ledger behind them.")
public class LedgerResource {
    private final Caller caller;
    private final BalanceQueries balances;
    private final LedgerReads reads;
    private final TrialBalances trialBalances;
    private final UserTransactions transactions;

    /** With what it reads. */
    public LedgerResource(
            Caller caller,
            BalanceQueries balances,
            LedgerReads reads,
            TrialBalances trialBalances,
            UserTransactions transactions) {
        this.caller = caller;
        this.balances = balances;
        this.reads = reads;
        this.trialBalances = trialBalances;
        this.transactions = transactions;
    }

    /** An account's balance. */
    public record Balance(
            String subaccountId,
            String asset,
            @Schema(description = "of USDC, may be negative while a position is open")
                    String balance,
            @Schema(
                            description =
                                    "of the balance, what margin, open orders and unrealised loss"
                                            + " hold, which of other assets than USDC is nothing;"
                                            + " null unless availability is KNOWN")
                    @Nullable String locked,
            @Schema(
                            description =
                                    "of the balance, what could be withdrawn or transferred now:"
                                            + " balance = locked + available, both are 0 while it"
                                            + " is negative; null unless availability is KNOWN")
                    @Nullable String available,
            @Schema(
                            description =
                                    "BEHIND: risk-service is about to take a credit that is in the"
                                            + " balance; UNAVAILABLE: it did not answer, or has no"
                                            + " mark price to act on")
                    Availability availability,
            @Schema(description = "the last credit in it; compare with risk at equal sequences")
                    long creditSequence,
            @Schema(
                            description =
                                    "the last settlement in it; of other assets than USDC, the last"
                                            + " withdrawal or transfer")
                    long settlementSequence) {}

    /** A transaction of an account. */
    public record StatementLine(
            String transactionId,
            LedgerTransaction.TransactionKind kind,
            String asset,
            @Schema(description = "what the transaction added to the account") String amount,
            @Schema(description = "the account's balance after it") String balance,
            @Schema(description = "the other side; with amount these sum to zero")
                    List<CounterPosting> counterPostings,
            @Schema(description = "which of the subaccount's credits or settlements it is")
                    long sequence,
            @Nullable String marketId,
            @Nullable String firstTradeId,
            @Nullable String lastTradeId,
            @Nullable String transferId,
            @Nullable String counterpartSubaccountId,
            @Nullable String withdrawalId,
            @Nullable String adjustmentId,
            Instant at) {}

    /** An amount on a house account. */
    public record CounterPosting(String account, String amount) {}

    /** The ledger added up. */
    public record Trial(
            @Schema(description = "the moment all sums were read at") Instant asOf,
            @Schema(description = "whether every asset is in balance") boolean balanced,
            List<TrialAsset> assets) {}

    /** An asset added up. */
    public record TrialAsset(
            String asset,
            @Schema(description = "all postings added up: 0") String total,
            @Schema(description = "the total is 0 and every balance equals its postings")
                    boolean balanced,
            List<TrialAccount> accounts) {}

    /** An account, all customers' being one. */
    public record TrialAccount(
            @Schema(
                            description =
                                    "customers, custody, fees, transfers, withdrawals-in-flight,"
                                            + " adjustments, clearing:<market id>")
                    String account,
            @Schema(description = "the balance kept") String balance,
            @Schema(description = "its postings added up") String postings) {}

    /** The caller's balances. */
    @GET
    @OpenToAgents(AgentAction.READ)
    @Path("/balances")
    @Operation(
            operationId = "listBalances",
            summary = "The caller's balances, and how much of each could leave",
            description =
                    "The balance is the ledger's. Risk-service is asked after it was read: a"
                            + " settlement that is not in the balance yet has left what is"
                            + " available where it was a loss, and is not in it where it was a"
                            + " profit. What suspends a user's withdrawals is not looked at.")
    @APIResponse(responseCode = "200", description = "One for each subaccount and asset")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    public Page<Balance> balances(
            @Parameter(description = "all of the caller's if absent") @QueryParam("subaccountId")
                    @Nullable String subaccountId) {
        SubaccountId subaccount =
                Fields.optional("subaccountId", subaccountId, SubaccountId::parse);
        if (subaccount != null) {
            caller.actOn(subaccount, null);
        }
        List<DividedBalance> all = balances.of(caller.user(), subaccount).all();
        if (subaccount != null && all.isEmpty()) {
            throw subaccountUnknown();
        }
        return new Page<>(
                all.stream()
                        .filter(one -> caller.mayActOn(one.row().subaccount(), null))
                        .map(LedgerResource::shown)
                        .toList(),
                null);
    }

    /** An account's transactions. */
    @GET
    @OpenToAgents(AgentAction.READ)
    @Path("/ledger/statement")
    @Operation(
            operationId = "getStatement",
            summary = "An account's transactions with its running balance, newest first")
    @APIResponse(responseCode = "200", description = "A page of the statement")
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    public Page<StatementLine> statement(
            @Parameter(required = true) @QueryParam("subaccountId") @Nullable String subaccountId,
            @Parameter(description = "USDC if absent") @QueryParam("asset") @Nullable String asset,
            @Parameter(
                            description = "all kinds if absent",
                            schema =
                                    @Schema(
                                            implementation =
                                                    LedgerTransaction.TransactionKind.class))
                    @QueryParam("kind")
                    @Nullable String kind,
            @Parameter(description = "only what happened then or later") @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "only what happened before") @QueryParam("to")
                    @Nullable String to,
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        SubaccountId subaccount =
                Fields.required("subaccountId", subaccountId, SubaccountId::parse);
        caller.actOn(subaccount, null);
        LedgerTransaction.TransactionKind ofKind =
                Fields.optional("kind", kind, LedgerTransaction.TransactionKind.class);
        StatementFilter filter =
                new StatementFilter(
                        ofKind,
                        Fields.optional("from", from, Times::parse),
                        Fields.optional("to", to, Times::parse));
        Asset wanted = Fields.optional("asset", asset, Asset::new);
        String code = (wanted == null ? Asset.USDC : wanted).code();
        PageRequest page = PageRequest.of(limit, cursor);
        List<StatementRow> rows =
                transactions.call(
                        caller.user(),
                        tx -> {
                            if (!reads.hasAccount(tx, subaccount, Asset.USDC.code())) {
                                throw subaccountUnknown();
                            }
                            return reads.statement(tx, subaccount, code, filter, page);
                        });
        return Page.of(
                page,
                rows,
                LedgerResource::shown,
                row -> new Cursor(row.occurredAt().toEpochMilli(), row.number()));
    }

    /** Everybody's ledger, added up. */
    @GET
    @ClosedToAgents
    @Path("/ledger/trial-balance")
    @Operation(
            operationId = "getTrialBalance",
            summary = "The whole ledger added up: every asset sums to zero",
            description =
                    "All customers' accounts are one sum. Added up over every posting in one"
                            + " statement; the result is shared for ten times as long as that took,"
                            + " at least a second, and while the next is added up: asOf tells its"
                            + " moment.")
    @APIResponse(
            responseCode = "200",
            description = "Per asset and account: the balance and the sum of its postings",
            content = @Content(schema = @Schema(implementation = Trial.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "503",
            description = "TRIAL_BALANCE_PENDING: the first is being added up, or has failed")
    public Trial trialBalance() {
        return shown(trialBalances.current());
    }

    static Trial shown(TrialBalance current) {
        Map<String, List<TrialRow>> byAsset = new LinkedHashMap<>();
        for (TrialRow row : current.rows()) {
            byAsset.computeIfAbsent(row.asset(), asset -> new ArrayList<>()).add(row);
        }
        List<TrialAsset> assets =
                byAsset.entrySet().stream()
                        .map(entry -> trialAsset(entry.getKey(), entry.getValue()))
                        .toList();
        return new Trial(current.asOf(), assets.stream().allMatch(TrialAsset::balanced), assets);
    }

    private static TrialAsset trialAsset(String asset, List<TrialRow> rows) {
        BigDecimal total =
                rows.stream()
                        .map(TrialRow::postingsMicros)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
        boolean balanced =
                total.signum() == 0
                        && rows.stream()
                                .allMatch(
                                        row ->
                                                row.balanceMicros().compareTo(row.postingsMicros())
                                                        == 0);
        List<TrialAccount> accounts =
                rows.stream()
                        .map(
                                row ->
                                        new TrialAccount(
                                                row.account(),
                                                Micros.decimal(row.balanceMicros()),
                                                Micros.decimal(row.postingsMicros())))
                        .toList();
        return new TrialAsset(asset, Micros.decimal(total), balanced, accounts);
    }

    static Balance shown(DividedBalance balance) {
        BalanceRow row = balance.row();
        AvailableBalance divided = balance.divided();
        return new Balance(
                row.subaccount().toString(),
                row.asset(),
                row.balance().toString(),
                text(divided.locked()),
                text(divided.available()),
                divided.availability(),
                row.creditSequence(),
                row.settlementSequence());
    }

    private static StatementLine shown(StatementRow row) {
        List<CounterPosting> house =
                IntStream.range(0, row.houseAccounts().size())
                        .mapToObj(
                                i ->
                                        new CounterPosting(
                                                row.houseAccounts().get(i),
                                                row.houseAmounts().get(i).toString()))
                        .toList();
        return new StatementLine(
                new LedgerTransactionId(row.subaccount(), new Asset(row.asset()), row.number())
                        .toString(),
                LedgerTransaction.TransactionKind.valueOf(row.kind()),
                row.asset(),
                row.amount().toString(),
                row.balanceAfter().toString(),
                house,
                row.sourceSequence(),
                text(row.marketId()),
                text(row.firstTradeId()),
                text(row.lastTradeId()),
                text(row.transferId()),
                text(row.counterpartId()),
                text(row.withdrawalId()),
                text(row.adjustmentId()),
                row.occurredAt());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static RuntimeException subaccountUnknown() {
        return Problem.notFound("SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                .at("subaccountId")
                .exception();
    }
}
