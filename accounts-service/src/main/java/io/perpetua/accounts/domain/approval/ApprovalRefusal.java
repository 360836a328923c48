package io.perpetua.accounts.domain.approval;

/** Why an administrator can't decide on a request; the first that applies is reported. */
public enum ApprovalRefusal {
    /** It is the administrator's own. */
    OWN_REQUEST,
    /** It is about the administrator who would decide, or whoever asks is to enrol anew. */
    OWN_CASE,
    /** The operator decides on no such thing, or another administrator could. */
    OPERATOR_NOT_NEEDED,
    /** Another administrator has decided, or the same one otherwise. */
    APPROVAL_DECIDED,
    /** Nobody decided in time. */
    APPROVAL_EXPIRED,
    /** Who asked may not ask for it any more. */
    REQUESTER_NOT_ENTITLED,
    /** The user whose balance is to grow is deleted, or asked to be. */
    USER_CLOSING,
    /** The subaccount has less of the asset than is to be taken. */
    WITHDRAWABLE_EXCEEDED,
    /** The name of the administrator who is to be made is taken. */
    USERNAME_TAKEN,
    /** The role may do nothing more than the administrator's own does by now. */
    NO_PROMOTION
}
