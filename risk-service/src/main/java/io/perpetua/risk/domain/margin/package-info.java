/**
 * What positions and open orders ask of an account: margin tiers, worst-case holds, health and
 * liquidation prices. Integer arithmetic; what an account must have is rounded up, what it has is
 * rounded down.
 */
package io.perpetua.risk.domain.margin;
