/**
 * Exactly-once effects, in order, over Kafka and PostgreSQL: leased shards with a single-threaded
 * loop, numbered channels between them, and a relay for transactions that begin with HTTP.
 *
 * <p>This package sees bytes, partitions and offsets; it knows no event of the platform.
 */
package io.perpetua.eventlog;
