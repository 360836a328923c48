/** Nonces of agents: each is taken once, and a repeat gets the first answer. */
package io.perpetua.risk.domain.nonce;
