/** Commands about orders, and the events that orders-service publishes about them. */
package io.perpetua.contracts.orders;
