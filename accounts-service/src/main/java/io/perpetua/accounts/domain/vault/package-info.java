/** Secrets at rest: sealed in an envelope, opened only by who holds the key-encryption key. */
package io.perpetua.accounts.domain.vault;
