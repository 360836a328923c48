/** Who a user says they are, and what is decided about them. */
package io.perpetua.accounts.domain.user;
