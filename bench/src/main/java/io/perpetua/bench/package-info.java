/** Measures the exchange. Figures go to standard output; nothing here passes or fails on time. */
package io.perpetua.bench;
