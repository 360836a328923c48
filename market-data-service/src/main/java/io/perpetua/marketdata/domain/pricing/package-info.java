/** One market's prices, update by update: from its feed through the guard to oracle and mark. */
package io.perpetua.marketdata.domain.pricing;
