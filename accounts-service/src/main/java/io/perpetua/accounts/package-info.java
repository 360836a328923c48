/** Users, wallet sign-in and tokens, subaccounts, deposits and the double-entry ledger. */
package io.perpetua.accounts;
