package io.perpetua.accounts.api;

import io.perpetua.accounts.api.LedgerResource.Balance;
import io.perpetua.accounts.api.StatisticsResource.Day;
import io.perpetua.accounts.api.StatisticsResource.Statistics;
import io.perpetua.accounts.app.BalanceQueries;
import io.perpetua.accounts.app.BalanceQueries.Balances;
import io.perpetua.accounts.domain.availability.Availability;
import io.perpetua.accounts.domain.availability.RiskAccount;
import io.perpetua.accounts.domain.statistics.UserDay;
import io.perpetua.accounts.persistence.StatisticsStore;
import io.perpetua.accounts.persistence.StatisticsStore.Lifetime;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Everything that the caller has, at a glance. */
@Path("/v1/portfolio")
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Users")
public class PortfolioResource {
    private final Caller caller;
    private final BalanceQueries balances;
    private final StatisticsStore statistics;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads. */
    public PortfolioResource(
            Caller caller,
            BalanceQueries balances,
            StatisticsStore statistics,
            UserTransactions transactions,
            Clock clock) {
        this.caller = caller;
        this.balances = balances;
        this.statistics = statistics;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Balances, positions and statistics of a user. */
    public record Portfolio(
            List<Balance> balances,
            @Schema(
                            description =
                                    "KNOWN, or UNAVAILABLE where risk-service did not answer or a"
                                            + " mark price is missing: then the figures of"
                                            + " positions and margin are null")
                    Availability availability,
            @Schema(description = "USD, of all subaccounts: collateral and unrealised profit")
                    @Nullable String equity,
            @Schema(description = "USD, of all positions at the newest marks")
                    @Nullable String unrealisedPnl,
            @Schema(description = "USD, of all positions") @Nullable String initialMargin,
            @Schema(description = "USD, of all positions") @Nullable String maintenanceMargin,
            @Schema(description = "open ones") @Nullable Integer positions,
            @Nullable Integer openOrders,
            Statistics lifetime,
            @Schema(description = "the running day in UTC") Day today) {}

    /** The caller's. */
    @GET
    @Operation(
            operationId = "getPortfolio",
            summary = "All that the caller has: balances, positions' worth, statistics",
            description = "Of all subaccounts together. Margin by subaccount: /v1/accounts.")
    @APIResponse(
            responseCode = "200",
            description = "As it is now",
            content = @Content(schema = @Schema(implementation = Portfolio.class)))
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Portfolio portfolio() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Traded traded =
                transactions.call(
                        caller.user(),
                        tx -> new Traded(statistics.lifetime(tx), statistics.day(tx, today)));
        Balances now = balances.of(caller.user(), null);
        Collection<RiskAccount> accounts =
                now.risk()
                        .map(known -> known.values())
                        .filter(known -> known.stream().allMatch(one -> one.equity() != null))
                        .orElse(null);
        return new Portfolio(
                now.all().stream().map(LedgerResource::shown).toList(),
                accounts == null ? Availability.UNAVAILABLE : Availability.KNOWN,
                sum(accounts, RiskAccount::equity),
                sum(accounts, RiskAccount::unrealised),
                sum(accounts, RiskAccount::initialMargin),
                sum(accounts, RiskAccount::maintenanceMargin),
                accounts == null ? null : accounts.stream().mapToInt(RiskAccount::positions).sum(),
                accounts == null ? null : accounts.stream().mapToInt(RiskAccount::openOrders).sum(),
                StatisticsResource.shown(traded.lifetime()),
                StatisticsResource.shown(traded.today()));
    }

    private record Traded(Lifetime lifetime, UserDay today) {}

    private static @Nullable String sum(
            @Nullable Collection<RiskAccount> accounts,
            Function<RiskAccount, @Nullable Usd> figure) {
        if (accounts == null) {
            return null;
        }
        Usd sum = Usd.ZERO;
        for (RiskAccount account : accounts) {
            Usd one = figure.apply(account);
            if (one == null) {
                return null;
            }
            sum = sum.plus(one);
        }
        return sum.toString();
    }
}
