/**
 * What integration tests share: real backends as a child process, isolated databases, and the means
 * to kill or pause a backend in the middle of something.
 */
@NullMarked
package io.perpetua.testkit;

import org.jspecify.annotations.NullMarked;
