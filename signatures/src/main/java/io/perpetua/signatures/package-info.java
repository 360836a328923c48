/**
 * What the keys of wallets and agents signed: the one place that verifies it, for accounts-service
 * and for the HTTP edge of every service. It knows texts, keys and signatures, and nobody's rules.
 */
@org.jspecify.annotations.NullMarked
package io.perpetua.signatures;
