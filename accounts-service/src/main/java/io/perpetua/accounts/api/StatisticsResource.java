package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.statistics.UserDay;
import io.perpetua.accounts.persistence.StatisticsStore;
import io.perpetua.accounts.persistence.StatisticsStore.Lifetime;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What the caller traded, and what it left open. Reads only, so it goes from here to the
 * repository.
 */
@Path("/v1/users/me/statistics")
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Users")
public class StatisticsResource {
    private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

    private final Caller caller;
    private final StatisticsStore store;
    private final UserTransactions transactions;

    /** With what it reads. */
    public StatisticsResource(Caller caller, StatisticsStore store, UserTransactions transactions) {
        this.caller = caller;
        this.store = store;
        this.transactions = transactions;
    }

    /** All that a user traded. */
    public record Statistics(
            @Schema(description = "days on which the user traded") long days,
            @Schema(description = "the first of them in UTC, null without any")
                    @Nullable LocalDate firstDay,
            @Nullable LocalDate lastDay,
            long fills,
            @Schema(description = "notional of the user's fills in USD") String volume,
            @Schema(description = "realised profit in USD, before fees") String realisedPnl,
            @Schema(description = "fees paid in USD; negative: more rebates than fees") String fees,
            @Schema(
                            description =
                                    "unrealised profit in USD of all positions when they were last"
                                            + " valued, null before the first time; they are valued"
                                            + " every few minutes, and once more, at 0, after the"
                                            + " last one was closed")
                    @Nullable String unrealisedPnl,
            @Schema(description = "when that was") @Nullable Instant valuedAt) {}

    /** What a user traded in a day. */
    public record Day(
            @Schema(description = "in UTC") LocalDate day,
            long fills,
            @Schema(description = "notional of the user's fills in USD") String volume,
            @Schema(description = "realised profit in USD, before fees") String realisedPnl,
            @Schema(description = "fees paid in USD; negative: more rebates than fees") String fees,
            @Schema(
                            description =
                                    "unrealised profit in USD of all positions when they were last"
                                            + " valued in the day, of a past day in its last"
                                            + " seconds; null when they never were")
                    @Nullable String unrealisedPnl,
            @Schema(description = "when that was") @Nullable Instant valuedAt) {}

    /** All days as one. */
    @GET
    @Operation(
            operationId = "getMyStatistics",
            summary = "All that the caller traded",
            description =
                    "Of all subaccounts together, by the settlements that are in the ledger: a"
                            + " fill is in it when its profit and fee are in the balance.")
    @APIResponse(
            responseCode = "200",
            description = "Sums over all days",
            content = @Content(schema = @Schema(implementation = Statistics.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Statistics lifetime() {
        return shown(transactions.call(caller.user(), store::lifetime));
    }

    static Statistics shown(Lifetime all) {
        return new Statistics(
                all.days(),
                all.first(),
                all.last(),
                all.fills().longValueExact(),
                Micros.decimal(all.volumeMicros()),
                Micros.decimal(all.realisedMicros()),
                Micros.decimal(all.feeMicros()),
                text(all.unrealised()),
                all.valuedAt());
    }

    /** Day by day. */
    @GET
    @Path("/days")
    @Operation(
            operationId = "listMyDays",
            summary = "What the caller traded day by day, newest first",
            description = "Days without a trade and without a position have no entry.")
    @APIResponse(responseCode = "200", description = "A page of days")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<Day> days(
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        requireDay(page.after());
        List<UserDay> days = transactions.call(caller.user(), tx -> store.days(tx, page));
        return Page.of(
                page,
                days,
                StatisticsResource::shown,
                day -> new Cursor(0, day.day().toEpochDay()));
    }

    /** A cursor of another list is well-formed, and its id no day. */
    private static void requireDay(@Nullable Cursor after) {
        if (after != null && (after.id() < 0 || after.id() > LAST_DAY.toEpochDay())) {
            throw Problem.of(400, "CURSOR_INVALID", "'cursor' is none that this list gave out")
                    .at("cursor")
                    .exception();
        }
    }

    static Day shown(UserDay day) {
        return new Day(
                day.day(),
                day.fills(),
                day.volume().toString(),
                day.realised().toString(),
                day.fees().toString(),
                text(day.unrealised()),
                day.valuedAt());
    }

    private static @Nullable String text(@Nullable Usd amount) {
        return amount == null ? null : amount.toString();
    }
}
