/** What accounts-service has decided about a user. */
package io.perpetua.risk.domain.user;
