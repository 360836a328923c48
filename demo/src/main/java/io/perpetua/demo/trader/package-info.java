/** Those who trade: makers that quote around the index, takers with styles of their own. */
@NullMarked
package io.perpetua.demo.trader;

import org.jspecify.annotations.NullMarked;
