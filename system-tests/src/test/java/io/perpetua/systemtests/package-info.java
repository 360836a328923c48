/** Stories over HTTP against the whole system, started as a newcomer starts it. */
package io.perpetua.systemtests;
