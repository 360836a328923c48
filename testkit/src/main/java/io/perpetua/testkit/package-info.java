/**
 * What tests share: real backends as a child process, isolated databases, the means to kill or
 * pause a backend in the middle of something, and what holds for every service.
 */
@NullMarked
package io.perpetua.testkit;

import org.jspecify.annotations.NullMarked;
