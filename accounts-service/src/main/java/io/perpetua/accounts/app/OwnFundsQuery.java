package io.perpetua.accounts.app;

import io.perpetua.accounts.app.BalanceQueries.DividedBalance;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a user has on this platform: an asset's balances of all subaccounts, and how they divide.
 */
@ApplicationScoped
public class OwnFundsQuery {
    private final BalanceQueries balances;
    private final Clock clock;

    /** With what it reads. */
    public OwnFundsQuery(BalanceQueries balances, Clock clock) {
        this.balances = balances;
        this.clock = clock;
    }

    /**
     * What there is of an asset. Of balances that aren't negative, free and locked are the parts.
     *
     * @param free null while risk-service doesn't say how a balance divides
     * @param locked as {@code free}
     */
    public record OwnFund(
            String asset,
            @Nullable BigDecimal free,
            @Nullable BigDecimal locked,
            BigDecimal total,
            Instant asOf) {}

    /** One for each asset, by its code. */
    public List<OwnFund> ask(UserId user) {
        Map<String, List<DividedBalance>> byAsset = new TreeMap<>();
        for (DividedBalance balance : balances.of(user, null).all()) {
            byAsset.computeIfAbsent(balance.row().asset(), asset -> new ArrayList<>()).add(balance);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return byAsset.entrySet().stream()
                .map(one -> fund(one.getKey(), one.getValue(), now))
                .toList();
    }

    private static OwnFund fund(String asset, List<DividedBalance> balances, Instant now) {
        BigDecimal total = BigDecimal.ZERO;
        for (DividedBalance balance : balances) {
            total = total.add(decimal(balance.row().balance()));
        }
        return new OwnFund(
                asset,
                sum(balances, balance -> balance.divided().available()),
                sum(balances, balance -> balance.divided().locked()),
                total,
                now);
    }

    /** Null where one of them is. */
    private static @Nullable BigDecimal sum(
            List<DividedBalance> balances, Function<DividedBalance, @Nullable Usd> part) {
        BigDecimal sum = BigDecimal.ZERO;
        for (DividedBalance balance : balances) {
            Usd amount = part.apply(balance);
            if (amount == null) {
                return null;
            }
            sum = sum.add(decimal(amount));
        }
        return sum;
    }

    private static BigDecimal decimal(Usd amount) {
        return BigDecimal.valueOf(amount.micros(), 6);
    }
}
