/** Drives the matching core with a recorded session of another exchange. */
@NullMarked
package io.perpetua.orders.replay;

import org.jspecify.annotations.NullMarked;
