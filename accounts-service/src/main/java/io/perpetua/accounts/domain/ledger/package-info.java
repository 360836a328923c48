/**
 * The double-entry ledger: transactions that sum to zero because they can't be made otherwise, and
 * the rules that turn deposits and settlements into them.
 */
package io.perpetua.accounts.domain.ledger;
