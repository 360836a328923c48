package io.perpetua.contracts.marketdata;

/**
 * A market's next version.
 *
 * @param definition the market whole
 * @param effectiveMillis from when on it is to be in force; 0 for as soon as it is approved
 */
public record VersionWanted(Market definition, long effectiveMillis) {}
