/**
 * One market as its thread sees it: the book, the orders on it, who holds how much at which cost,
 * and what becomes of every admitted or refused command.
 */
@NullMarked
package io.perpetua.orders.domain.market;

import org.jspecify.annotations.NullMarked;
