package io.perpetua.accounts.domain.exchange;

/** Why a key of another exchange is not used, in order of precedence. */
public enum ExchangeKeyRefusal {
    /** Its owner has switched it off; once it is on again, a retry helps. */
    KEY_INACTIVE,
    /** Its owner does not let it be used for this; a retry does not help. */
    PURPOSE_OUT_OF_SCOPE,
    /** What is asked of the platform can't be asked of this exchange; a retry does not help. */
    EXCHANGE_UNSUPPORTED,
    /** The request would carry a secret, which is given to nobody; a retry does not help. */
    SECRET_IN_HEADER,
    /** What is to be signed opens a session that may trade; a retry does not help. */
    SESSION_NEEDS_TRADE,
    /** What is to be signed doesn't show whether it only reads; a retry does not help. */
    SIGNATURE_NEEDS_TRADE,
    /** The exchange wants a passphrase too; once the key has one, a retry helps. */
    PASSPHRASE_MISSING,
    /** A part of the key is not written as this exchange's are; a retry does not help. */
    SECRET_MALFORMED
}
