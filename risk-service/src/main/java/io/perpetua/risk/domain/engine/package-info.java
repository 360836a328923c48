/** The state of one shard of users, and how commands and events change it. */
package io.perpetua.risk.domain.engine;
