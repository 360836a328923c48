/** Topics in and out: records become commands of {@code app}, outcomes become records. */
package io.perpetua.orders.messaging;
