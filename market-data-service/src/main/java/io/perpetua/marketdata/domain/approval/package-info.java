/** What takes two administrators: one asks, another one approves, and it happens once. */
package io.perpetua.marketdata.domain.approval;
