package io.perpetua.accounts.domain.exchange;

/** Why a key of another exchange is not used, in order of precedence. */
public enum ExchangeKeyRefusal {
    /** Its owner has switched it off; once it is on again, a retry helps. */
    KEY_INACTIVE,
    /** Its owner does not let it be used for this; a retry does not help. */
    PURPOSE_OUT_OF_SCOPE,
    /** The secret is not written as this exchange's are; a retry does not help. */
    SECRET_MALFORMED
}
