/**
 * Who did what: entries that are chained by their hashes, so that none can be changed, taken out or
 * put elsewhere without its being found.
 */
package io.perpetua.accounts.domain.audit;
