/**
 * The matching core: one market's resting orders, and what happens when another order meets them.
 *
 * <p>Prices and sizes are longs in whatever unit the caller keeps to. Price decides, then time,
 * then nothing. It is single-threaded, does no I/O, and allocates only when it grows.
 */
@NullMarked
package io.perpetua.orders.domain.book;

import org.jspecify.annotations.NullMarked;
