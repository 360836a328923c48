/** The public API as a client sees it: wallets, sessions, requests that survive an outage. */
@NullMarked
package io.perpetua.demo.client;

import org.jspecify.annotations.NullMarked;
