/** Orders and their history, the matching engine, positions' size and cost. */
package io.perpetua.orders;
