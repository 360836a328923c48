/** Price sources outside: their formats, and the connections that listen to them. */
package io.perpetua.marketdata.messaging.source;
