/** The vocabulary every service shares: values, identifiers, commands, events, topics. */
package io.perpetua.contracts;
