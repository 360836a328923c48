/** What users traded, day by day. */
package io.perpetua.accounts.domain.statistics;
