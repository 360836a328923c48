/** Whether an account may carry what it asks for: orders, amendments, leverage. */
package io.perpetua.risk.domain.admission;
