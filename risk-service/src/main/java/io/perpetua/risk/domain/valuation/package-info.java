/** What is held in markets and by users, valued at the newest marks for others to show. */
package io.perpetua.risk.domain.valuation;
