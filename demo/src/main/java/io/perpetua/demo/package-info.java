/**
 * The demo: wallets sign in, deposit and trade on a running exchange through its public API; at the
 * end the books are checked.
 */
@NullMarked
package io.perpetua.demo;

import org.jspecify.annotations.NullMarked;
