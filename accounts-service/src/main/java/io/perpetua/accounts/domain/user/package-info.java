/** What the platform has decided about a user. */
package io.perpetua.accounts.domain.user;
