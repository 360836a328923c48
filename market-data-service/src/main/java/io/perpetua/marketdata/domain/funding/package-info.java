/** How premium samples become a market's funding rate. */
package io.perpetua.marketdata.domain.funding;
