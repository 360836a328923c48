/**
 * What happens to a service itself, for its administrators: recorded at most once a minute for each
 * type, kept for thirty days.
 */
@NullMarked
package io.perpetua.edge.system;

import org.jspecify.annotations.NullMarked;
