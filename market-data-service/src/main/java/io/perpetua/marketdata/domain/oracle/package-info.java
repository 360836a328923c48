/** Index prices: where samples come from, and which of them are believed. */
package io.perpetua.marketdata.domain.oracle;
