/**
 * What every service's HTTP edge shares: the check of access tokens, problems, strict JSON, pages,
 * and transactions that see one user's rows.
 */
package io.perpetua.edge;
