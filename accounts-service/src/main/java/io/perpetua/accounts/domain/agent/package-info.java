/** Agents: keys that act for a user within bounds that the user sets. */
package io.perpetua.accounts.domain.agent;
