/** Whether a user has anything that keeps them from leaving. */
package io.perpetua.risk.domain.closing;
