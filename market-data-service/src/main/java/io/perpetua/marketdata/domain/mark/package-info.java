/** The mark price: the price positions are valued at. */
package io.perpetua.marketdata.domain.mark;
