package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Give a market its next version, or list a new one with its first.
 *
 * @param effectiveAt null for at once
 * @param by who decided it
 */
public record ChangeMarket(
        Market definition, @Nullable Instant effectiveAt, Decider by, String reason) {}
