/**
 * What a sign-in gives out: refresh tokens, of which each is used once, and the times at which keys
 * sign access tokens.
 */
package io.perpetua.accounts.domain.token;
