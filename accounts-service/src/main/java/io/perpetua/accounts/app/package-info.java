/** One class a command; the only place with transactions. */
package io.perpetua.accounts.app;
