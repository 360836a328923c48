/** Rows in and out of the service's own schema. */
package io.perpetua.orders.persistence;
