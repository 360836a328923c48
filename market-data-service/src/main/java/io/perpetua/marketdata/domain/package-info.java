/** The rules, in pure Java: no I/O, no clock, no framework. */
package io.perpetua.marketdata.domain;
