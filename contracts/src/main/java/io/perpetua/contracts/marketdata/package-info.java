/** What market-data-service publishes: the catalogue and prices. */
package io.perpetua.contracts.marketdata;
