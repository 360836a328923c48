/** Who administers the platform: roles, passwords, one-time codes, and how guessing is slowed. */
package io.perpetua.accounts.domain.admin;
