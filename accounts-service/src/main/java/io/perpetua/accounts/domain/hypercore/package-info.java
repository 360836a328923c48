/** Hypercore's rules, kept as its clients know them. */
package io.perpetua.accounts.domain.hypercore;
