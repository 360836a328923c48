/**
 * Sign-in with a wallet: the EIP-4361 message, the nonce that makes it single-use, and the decision
 * whether a signed message signs its wallet in.
 */
package io.perpetua.accounts.domain.signin;
