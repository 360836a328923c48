package io.perpetua.marketdata.domain.catalogue;

/**
 * Why a version of a market is refused: the rule it breaks. Declared in order of precedence, the
 * first that applies is reported.
 */
public enum CatalogueRefusal {
    /** The market's newest version is not the one before this. */
    VERSION_NOT_NEXT,
    /** The market is gone. */
    MARKET_DELISTED,
    /** More versions wait to take effect than may. */
    VERSIONS_WAITING,
    /** It would take effect before the version before it, too late, or in the past. */
    EFFECTIVE_TIME_INVALID,
    /** What names a market, or what its open orders stand on, does not change. */
    FIELD_FIXED,
    /** The status does not follow the one before. */
    STATUS_UNREACHABLE,
    /** Positions are open. */
    POSITIONS_OPEN,
    /** A parameter is outside of what the platform can account for. */
    PARAMETER_INVALID,
    /** It would open a market that has no source of prices. */
    PRICE_SOURCE_MISSING
}
