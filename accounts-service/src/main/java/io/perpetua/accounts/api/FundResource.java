package io.perpetua.accounts.api;

import io.perpetua.accounts.app.OwnFundsQuery;
import io.perpetua.accounts.app.OwnFundsQuery.OwnFund;
import io.perpetua.accounts.persistence.FundStore;
import io.perpetua.accounts.persistence.FundStore.FundRow;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the caller has, here and at other exchanges. */
@Path("/v1/funds")
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Funds", description = "What a user has, on the platform and at other exchanges.")
public class FundResource {
    /** How the platform calls itself among exchanges. */
    static final String OWN = "perpetua";

    private final Caller caller;
    private final OwnFundsQuery own;
    private final FundStore store;
    private final UserTransactions transactions;

    /** With what it reads. */
    public FundResource(
            Caller caller, OwnFundsQuery own, FundStore store, UserTransactions transactions) {
        this.caller = caller;
        this.own = own;
        this.store = store;
        this.transactions = transactions;
    }

    /** What there is of a currency. */
    public record Fund(
            @Schema(description = "perpetua is this platform") String exchange,
            @Schema(description = "the key that another exchange was asked by")
                    @Nullable String exchangeKeyId,
            @Schema(description = "a part of what is there, as Zerodha's equity and commodity")
                    @Nullable String account,
            @Schema(description = "as the exchange calls it, which may be otherwise elsewhere")
                    String currency,
            @Schema(description = "null while it is not known") @Nullable String free,
            @Schema(description = "by open orders or as margin; null while it is not known")
                    @Nullable String locked,
            @Schema(
                            description =
                                    "free and locked together, unless the balance is negative;"
                                            + " up to 24 decimals")
                    String total,
            @Schema(description = "when it was so; another exchange's is as it last said")
                    Instant asOf) {}

    /** An own fund or one elsewhere, with its place in the list. */
    private record Listed(long id, Fund fund) {}

    /** All of them. */
    @GET
    @Operation(
            operationId = "listFunds",
            summary = "What the caller has, here and at other exchanges",
            description =
                    "First what is on the platform, an asset a row; then what other exchanges said,"
                            + " the latest answer first. POST /v1/exchange-keys/{id}/funds asks an"
                            + " exchange anew.")
    @APIResponse(responseCode = "200", description = "A page of funds")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<Fund> list(
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        long below = page.after() == null ? Long.MAX_VALUE : page.after().id();
        List<Listed> rows = new ArrayList<>();
        long id = Long.MAX_VALUE;
        for (OwnFund fund : own.ask(caller.user())) {
            id--;
            if (id < below) {
                rows.add(new Listed(id, shown(fund)));
            }
        }
        int left = page.rows() - rows.size();
        if (left > 0) {
            List<FundRow> elsewhere =
                    transactions.call(caller.user(), tx -> store.list(tx, below, left));
            elsewhere.forEach(row -> rows.add(new Listed(row.id(), shown(row))));
        }
        return Page.of(page, rows, Listed::fund, row -> new Cursor(0, row.id()));
    }

    private static Fund shown(OwnFund fund) {
        BigDecimal free = fund.free();
        BigDecimal locked = fund.locked();
        return new Fund(
                OWN,
                null,
                null,
                fund.asset(),
                free == null ? null : text(free),
                locked == null ? null : text(locked),
                text(fund.total()),
                fund.asOf());
    }

    /** A fund at another exchange, as it is shown. */
    static Fund shown(FundRow row) {
        Long key = row.exchangeKey();
        String account = row.fund().account();
        return new Fund(
                row.exchange(),
                key == null ? null : Long.toString(key),
                account.isEmpty() ? null : account,
                row.fund().currency(),
                text(row.fund().free()),
                text(row.fund().locked()),
                text(row.fund().total()),
                row.asOf());
    }

    private static String text(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
