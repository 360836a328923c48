package io.perpetua.marketdata.domain.oracle;

import org.jspecify.annotations.Nullable;

/** One source of one market's price; asked once an update by the thread that owns the market. */
@FunctionalInterface
public interface OracleFeed {
    /** The newest sample, or null while the source has none. */
    @Nullable OracleSample sample(long nowMillis);
}
