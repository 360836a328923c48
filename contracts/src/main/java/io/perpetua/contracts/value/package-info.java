/**
 * Money, prices, sizes, rates and identifiers: one {@code long} each, decimal strings in JSON.
 *
 * <p>Crossing units takes a named function of {@link io.perpetua.contracts.value.Amounts} and a
 * rounding mode; there is no {@code double} near money.
 */
package io.perpetua.contracts.value;
