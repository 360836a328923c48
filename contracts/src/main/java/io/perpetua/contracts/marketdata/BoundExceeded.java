package io.perpetua.contracts.marketdata;

/**
 * A part of a change that goes beyond what one administrator may do.
 *
 * @param field where it stands in the request
 * @param detail what changes, and the bound
 */
public record BoundExceeded(String field, String detail) {}
