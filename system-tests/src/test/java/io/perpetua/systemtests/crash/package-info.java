/** The crash test: everything is killed while clients trade, and then nothing may contradict. */
package io.perpetua.systemtests.crash;
