/** Keys of other exchanges: what they may be used for. */
package io.perpetua.accounts.domain.exchange;
