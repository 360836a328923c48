/** The HTTP edge: resources that parse into values, call {@code app} and answer. */
package io.perpetua.marketdata.api;
