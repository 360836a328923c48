/** Money going out: where to, how much at once, and what becomes of it. */
package io.perpetua.accounts.domain.withdrawal;
