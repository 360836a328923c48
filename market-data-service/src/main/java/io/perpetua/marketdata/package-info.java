/** Market catalogue, oracle and mark prices, candles and daily statistics. */
package io.perpetua.marketdata;
