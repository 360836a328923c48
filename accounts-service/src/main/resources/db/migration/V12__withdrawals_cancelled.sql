-- A user calls a withdrawal off. Once that is noted it is never sent: the database takes no other
-- end of it than that it is refused or comes back.
alter table withdrawal
    add column cancel_requested_at timestamptz,
    add constraint withdrawal_cancelled_is_never_sent check (
        cancel_requested_at is null
        or state in ('REQUESTED', 'RESERVED', 'REFUSED', 'RETURNED'));

comment on column withdrawal.cancel_requested_at is
    'Noted while nobody has called the custodian for it; null when its user let it go on.';

grant update (cancel_requested_at) on withdrawal to accounts_api;
