/** Admission of orders, collateral and margin of positions, settlements. */
package io.perpetua.risk;
