package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What a cross-margined account has and must have, all at the newest marks.
 *
 * @param collateral deposits, realised profit and fees
 * @param unrealised {@code sum of s x (p - entry)}
 * @param notional {@code sum of |s| x p}
 * @param initial of the positions alone
 * @param maintenance of the positions; liquidated when equity is below it
 * @param required of positions and open orders, in their worst case
 * @param losses what open orders would lose against the marks at their limits; part of required
 */
public record AccountMargin(
        Usd collateral,
        Usd unrealised,
        Usd notional,
        Usd initial,
        Usd maintenance,
        Usd required,
        Usd losses) {
    private static final Rate LEAST_KEPT = Rate.parse("0.1");

    /** The margin of {@code account}; null when a market it is in has no mark or no definition. */
    public static @Nullable AccountMargin of(Account account, Markets markets, Marks marks) {
        return of(account, markets, marks, null);
    }

    /** The margin that {@code account} would have after {@code change}. */
    public static @Nullable AccountMargin of(
            Account account, Markets markets, Marks marks, @Nullable Change change) {
        Sum sum = new Sum();
        boolean counted = change == null;
        for (int i = 0; i < account.holdings().size(); i++) {
            Holding holding = account.holdings().get(i);
            boolean meant = change != null && holding.market().equals(change.market());
            counted |= meant;
            if (!sum.add(holding, markets, marks, meant ? change : null)) {
                return null;
            }
        }
        if (!counted && change != null) {
            if (!sum.add(new Holding(change.market()), markets, marks, change)) {
                return null;
            }
        }
        return sum.of(account.collateral());
    }

    private static final class Sum {
        private Usd unrealised = Usd.ZERO;
        private Usd notional = Usd.ZERO;
        private Usd initial = Usd.ZERO;
        private Usd maintenance = Usd.ZERO;
        private Usd required = Usd.ZERO;
        private Usd losses = Usd.ZERO;

        boolean add(Holding holding, Markets markets, Marks marks, @Nullable Change change) {
            if (holding.isEmpty() && (change == null || change.order() == null)) {
                return true;
            }
            MarketRules rules = markets.rules(holding.market());
            MarkPrice mark = marks.newest(holding.market());
            if (rules == null || mark == null) {
                return false;
            }
            HoldingMargin margin = HoldingMargin.of(holding, rules, mark.mark(), change);
            unrealised = unrealised.plus(margin.unrealised());
            notional = notional.plus(margin.notional());
            initial = initial.plus(margin.initial());
            maintenance = maintenance.plus(margin.maintenance());
            required = required.plus(margin.required());
            losses = losses.plus(margin.losses());
            return true;
        }

        AccountMargin of(Usd collateral) {
            return new AccountMargin(
                    collateral, unrealised, notional, initial, maintenance, required, losses);
        }
    }

    /** What the account is worth: {@code collateral + unrealised}. */
    public Usd equity() {
        return collateral.plus(unrealised);
    }

    /** What open orders hold on top of the positions' initial margin. */
    public Usd holds() {
        return required.minus(initial);
    }

    /** What is left for further orders; negative when the account has less than it must. */
    public Usd available() {
        return equity().minus(required);
    }

    /** Whether the account can carry what it has and has open. */
    public boolean isCovered() {
        return required.compareTo(equity()) <= 0;
    }

    /**
     * Whether open orders, at their limits, can't lose more than the account's equity, or no more
     * than they could {@code before}.
     */
    public boolean spendsAtMost(AccountMargin before) {
        return losses.compareTo(before.spendable()) <= 0;
    }

    /** What orders that only reduce may lose in all: equity, or what they may lose already. */
    public Usd spendable() {
        return equity().compareTo(losses) > 0 ? equity() : losses;
    }

    /** Whether the account is to be liquidated: {@code equity < maintenance}. */
    public boolean isBelowMaintenance() {
        return maintenance.signum() > 0 && equity().compareTo(maintenance) < 0;
    }

    /**
     * What may leave the account: it keeps {@code max(initial + holds, 10 % of notional)}, and
     * profit not yet realised never leaves.
     */
    public Usd withdrawable() {
        Usd own = unrealised.signum() > 0 ? collateral : equity();
        Usd tenth = Amounts.share(notional, LEAST_KEPT, RoundingMode.UP);
        Usd kept = required.compareTo(tenth) >= 0 ? required : tenth;
        Usd free = own.minus(kept);
        return free.signum() > 0 ? free : Usd.ZERO;
    }

    /** {@code equity / maintenance}, rounded down, for display; null without a position. */
    public @Nullable BigDecimal health() {
        return ratio(equity(), maintenance);
    }

    /** {@code equity / notional}, rounded down, for display; null without a position. */
    public @Nullable BigDecimal marginRatio() {
        return ratio(equity(), notional);
    }

    /** {@code notional / equity}, rounded down, for display; null without equity. */
    public @Nullable BigDecimal leverage() {
        return equity().signum() <= 0 ? null : ratio(notional, equity());
    }

    private static @Nullable BigDecimal ratio(Usd part, Usd whole) {
        return whole.signum() == 0
                ? null
                : BigDecimal.valueOf(part.micros())
                        .divide(BigDecimal.valueOf(whole.micros()), Rate.SCALE, RoundingMode.FLOOR);
    }
}
