-- Who an administrator is to the platform's OpenID provider, where they sign in by that.

alter table admin_user
    add column oidc_issuer text,
    add column oidc_subject text,
    add constraint admin_user_identity_is_whole
        check ((oidc_issuer is null) = (oidc_subject is null)),
    add constraint admin_user_identity_is_bounded check (
        length(oidc_issuer) <= 255 and oidc_subject ~ '^[!-~]{1,255}$');
create unique index admin_user_by_identity on admin_user (oidc_issuer, oidc_subject);

comment on column admin_user.oidc_subject is
    'the name by which the provider knows them; one-time codes are asked for all the same';

-- The function's columns were those of the table when it was made.
create or replace function admin_named(claimed text)
    returns setof admin_user
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select a.* from admin_user a where a.username = claimed;
end;

-- Before anybody is signed in: the identity that a token of the provider names.
create function admin_identified(issuer text, subject text)
    returns setof admin_user
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select a.* from admin_user a
    where a.oidc_issuer = issuer and a.oidc_subject = subject;
end;

revoke all on function admin_identified(text, text) from public;
grant execute on function admin_identified(text, text) to accounts_admin;

-- A token's nonce is used up by the attempt.
grant select, insert, update, delete on used_nonce to accounts_admin;
