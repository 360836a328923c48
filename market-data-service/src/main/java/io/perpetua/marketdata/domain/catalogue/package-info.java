/** Which markets there are, and the numbers they are traded and margined by. */
package io.perpetua.marketdata.domain.catalogue;
