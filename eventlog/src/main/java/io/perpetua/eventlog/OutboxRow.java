package io.perpetua.eventlog;

import java.util.List;

/**
 * The events one source committed in one batch. A row stays in the database until the log has
 * confirmed all of them.
 *
 * @param batch increases with every batch of the source
 * @param events in the order they were emitted
 */
record OutboxRow(String source, long batch, List<Numbered> events) {}
