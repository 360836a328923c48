/** What accounts-service publishes about users, subaccounts and their money. */
package io.perpetua.contracts.accounts;
