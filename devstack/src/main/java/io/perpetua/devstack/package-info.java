/**
 * Runs the exchange on one machine: real PostgreSQL and Kafka, the services, and one front door.
 *
 * <p>Every program here is a plain main. {@link io.perpetua.devstack.Backends} runs the two
 * backends alone, {@link io.perpetua.devstack.Up} the whole exchange. Both hand a list of {@link
 * io.perpetua.devstack.Part}s to one {@link io.perpetua.devstack.Supervisor}; each part is a
 * process of its own, so that any one can be killed without taking another along.
 */
@NullMarked
package io.perpetua.devstack;

import org.jspecify.annotations.NullMarked;
