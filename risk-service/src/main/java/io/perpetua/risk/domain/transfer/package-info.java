/** Which collateral may leave an account, and where it goes. */
package io.perpetua.risk.domain.transfer;
