package io.perpetua.marketdata.domain.catalogue;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a version may follow those that a market has. */
public sealed interface VersionDecision {
    /** How many versions of a market may wait to take effect. */
    int MOST_WAITING = 10;

    /** How far ahead a version may be decided. */
    Duration FURTHEST = Duration.ofDays(90);

    /** It is the market's next version, from {@code effectiveMillis} on. */
    record Accepted(Market version, long effectiveMillis) implements VersionDecision {}

    /** It breaks a rule. */
    record Refused(CatalogueRefusal reason, String field, String detail)
            implements VersionDecision {}

    /**
     * What is known of a market.
     *
     * @param newest its newest version, in force or not
     * @param newestEffectiveMillis when that takes, or took, effect
     * @param waiting how many versions are not in force yet
     * @param arePositionsOpen as its trades have it
     * @param hasPriceSource whether anything gives a price for the oracle id that is wanted
     */
    record Listed(
            Market newest,
            long newestEffectiveMillis,
            int waiting,
            boolean arePositionsOpen,
            boolean hasPriceSource) {}

    /**
     * Judges the first version of a market. It takes effect at once and takes no orders.
     *
     * @param nextId the least id that no market has
     */
    static VersionDecision list(Market first, int nextId, long effectiveMillis, long nowMillis) {
        if (first.version() != 1) {
            return new Refused(
                    CatalogueRefusal.VERSION_NOT_NEXT,
                    "definition.version",
                    "a new market begins with version 1");
        }
        if (effectiveMillis != nowMillis) {
            return new Refused(
                    CatalogueRefusal.EFFECTIVE_TIME_INVALID,
                    "effectiveAt",
                    "a new market is announced at once: leave 'effectiveAt' out");
        }
        if (first.id().value() != nextId) {
            return new Refused(
                    CatalogueRefusal.FIELD_FIXED,
                    "definition.id",
                    "ids are dense; the next is " + nextId);
        }
        if (first.status() != MarketStatus.ANNOUNCED) {
            return new Refused(
                    CatalogueRefusal.STATUS_UNREACHABLE,
                    "definition.status",
                    "a new market is " + MarketStatus.ANNOUNCED);
        }
        return byParameters(first, null, effectiveMillis);
    }

    /** Judges a further version of a market. */
    static VersionDecision change(
            Listed market, Market next, long effectiveMillis, long nowMillis) {
        Market before = market.newest();
        if (next.version() != before.version() + 1) {
            return new Refused(
                    CatalogueRefusal.VERSION_NOT_NEXT,
                    "definition.version",
                    "the next version is " + (before.version() + 1));
        }
        if (before.status() == MarketStatus.DELISTED) {
            return new Refused(
                    CatalogueRefusal.MARKET_DELISTED,
                    "symbol",
                    "the market is delisted; nothing changes any more");
        }
        if (market.waiting() >= MOST_WAITING) {
            return new Refused(
                    CatalogueRefusal.VERSIONS_WAITING,
                    "effectiveAt",
                    "at most " + MOST_WAITING + " versions wait to take effect");
        }
        if (effectiveMillis < nowMillis
                || effectiveMillis < market.newestEffectiveMillis()
                || effectiveMillis - nowMillis > FURTHEST.toMillis()) {
            return new Refused(
                    CatalogueRefusal.EFFECTIVE_TIME_INVALID,
                    "effectiveAt",
                    "'effectiveAt' is not past, not before the version before, and within "
                            + FURTHEST.toDays()
                            + " days");
        }
        String fixed = fixed(before, next);
        if (fixed != null) {
            return new Refused(
                    CatalogueRefusal.FIELD_FIXED,
                    "definition." + fixed,
                    "'" + fixed + "' can't change" + afterOpening(fixed));
        }
        if (!MarketLifeCycle.leads(before.status(), next.status())) {
            return new Refused(
                    CatalogueRefusal.STATUS_UNREACHABLE,
                    "definition.status",
                    before.status() + " leads to " + MarketLifeCycle.after(before.status()));
        }
        boolean ends = next.status().isEnded() && next.status() != before.status();
        if (ends && market.waiting() > 0) {
            return new Refused(
                    CatalogueRefusal.STATUS_UNREACHABLE,
                    "definition.status",
                    "a market settles, and is delisted, once its other versions are in force");
        }
        if (ends && market.arePositionsOpen()) {
            return new Refused(
                    CatalogueRefusal.POSITIONS_OPEN,
                    "definition.status",
                    "a market settles, and is delisted, once no position is open");
        }
        boolean resumes = before.status().isEnded() && !next.status().isEnded();
        if (resumes && !market.arePositionsOpen()) {
            return new Refused(
                    CatalogueRefusal.STATUS_UNREACHABLE,
                    "definition.status",
                    "a market that settles is reduce-only again only while a position is open");
        }
        VersionDecision decision = byParameters(next, before, effectiveMillis);
        boolean opens = isOpen(next.status()) && !isOpen(before.status());
        return decision instanceof Accepted && opens && !market.hasPriceSource()
                ? new Refused(
                        CatalogueRefusal.PRICE_SOURCE_MISSING,
                        "definition.oracleId",
                        "no source is configured for '"
                                + next.oracleId()
                                + "': without a price every order would be refused")
                : decision;
    }

    private static boolean isOpen(MarketStatus status) {
        return status == MarketStatus.POST_ONLY || status == MarketStatus.ACTIVE;
    }

    private static VersionDecision byParameters(
            Market market, @Nullable Market before, long effectiveMillis) {
        MarketParameters.Broken broken = MarketParameters.firstBroken(market, before);
        return broken == null
                ? new Accepted(market, effectiveMillis)
                : new Refused(
                        CatalogueRefusal.PARAMETER_INVALID,
                        "definition." + broken.field(),
                        broken.detail());
    }

    private static @Nullable String fixed(Market before, Market next) {
        if (!next.id().equals(before.id())) {
            return "id";
        }
        if (!next.symbol().equals(before.symbol())) {
            return "symbol";
        }
        if (!next.baseAsset().equals(before.baseAsset())) {
            return "baseAsset";
        }
        if (!next.quoteAsset().equals(before.quoteAsset())) {
            return "quoteAsset";
        }
        if (before.status() == MarketStatus.ANNOUNCED) {
            return null;
        }
        if (!next.tick().equals(before.tick())) {
            return "tick";
        }
        return Objects.equals(next.step(), before.step()) ? null : "step";
    }

    private static String afterOpening(String field) {
        return field.equals("tick") || field.equals("step")
                ? " once the market has taken orders"
                : "";
    }
}
