/** How much of a balance could leave, by what risk-service says of the account. */
package io.perpetua.accounts.domain.availability;
