-- Administrators, their sign-in, and what they decide about users.

-- Administrators ---------------------------------------------------------------------------------

create table admin_user (
    admin_id bigint generated always as identity primary key,
    username text not null unique,
    role text not null,
    state text not null,
    generation integer not null default 1,
    password_hash text,
    sealed_totp bytea,
    totp_last_step bigint not null default 0,
    enrolment_hash bytea,
    enrolment_expires_at timestamptz,
    created_at timestamptz not null,
    last_sign_in_at timestamptz,
    constraint admin_user_name_is_plain check (username ~ '^[a-z][a-z0-9._-]{2,31}$'),
    constraint admin_user_role_is_known check (role in ('ADMIN', 'RISK_MANAGER', 'SUPER_ADMIN')),
    constraint admin_user_state_is_known check (state in ('ENROLLING', 'ACTIVE', 'DISABLED')),
    constraint admin_user_with_secrets_when_active check (
        state <> 'ACTIVE' or (password_hash is not null and sealed_totp is not null
            and enrolment_hash is null)),
    constraint admin_user_password_is_hashed
        check (password_hash is null or password_hash like '$argon2id$%'),
    constraint admin_user_enrolment_is_sha_256
        check (enrolment_hash is null or octet_length(enrolment_hash) = 32)
);

comment on column admin_user.generation is
    'moves on when role, state or secrets change: tokens of an earlier one are void';
comment on column admin_user.sealed_totp is
    'the secret of one-time codes, sealed by the key-encryption key outside the database';

alter table admin_user enable row level security;
alter table admin_user force row level security;
create policy owner_sees_all on admin_user to accounts_owner using (true) with check (true);
create policy admins_see_all on admin_user to accounts_admin
    using (current_admin_id() is not null) with check (current_admin_id() is not null);
revoke all on admin_user from accounts_shard, accounts_api;
grant select, insert, update on admin_user to accounts_admin;

-- Attempts to sign in, by name and by address; a success takes the name's away.
create table admin_attempt (
    key text primary key,
    attempts integer not null,
    blocked_until timestamptz not null,
    last_at timestamptz not null,
    constraint admin_attempt_key_is_bounded check (length(key) <= 80)
);
create index admin_attempt_by_time on admin_attempt (last_at);
revoke all on admin_attempt from accounts_shard, accounts_api;
grant select, insert, update, delete on admin_attempt to accounts_admin;

-- Before anybody is signed in: the name that somebody claims.
create function admin_named(claimed text)
    returns setof admin_user
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select a.* from admin_user a where a.username = claimed;
end;

-- The first administrator, while there has been none.
create function make_first_admin(claimed text, secret_hash bytea, at timestamptz)
    returns bigint
    language plpgsql security definer
    set search_path = accounts, pg_temp
as $$
declare
    made bigint;
begin
    lock table admin_user in share row exclusive mode;
    if exists (select from admin_user) then
        return null;
    end if;
    insert into admin_user (username, role, state, enrolment_hash, created_at)
    values (claimed, 'SUPER_ADMIN', 'ENROLLING', secret_hash, at)
    returning admin_id into made;
    return made;
end $$;

-- When the key that wraps secrets is changed, see V4__vault.sql.
create function admin_secrets() returns table (admin_id bigint, sealed_totp bytea)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select a.admin_id, a.sealed_totp from admin_user a where a.sealed_totp is not null;
end;

create function rewrap_admin_secret(rewrapped bigint, old_secret bytea, new_secret bytea)
    returns boolean
    language sql volatile security definer
    set search_path = accounts, pg_temp
begin atomic
    with done as (
        update admin_user a set sealed_totp = new_secret
        where a.admin_id = rewrapped and a.sealed_totp = old_secret
        returning 1)
    select count(*) = 1 from done;
end;

revoke all on function
    admin_named(text), make_first_admin(text, bytea, timestamptz),
    admin_secrets(), rewrap_admin_secret(bigint, bytea, bytea) from public;
grant execute on function admin_named(text), make_first_admin(text, bytea, timestamptz)
    to accounts_admin;
grant execute on function admin_secrets(), rewrap_admin_secret(bigint, bytea, bytea)
    to accounts_shard;

-- Users, as administrators see them --------------------------------------------------------------

alter table app_user
    add column kyc_status text not null default 'PENDING',
    add column risk_level text not null default 'LOW',
    add column trading_tier smallint not null default 0,
    add constraint app_user_kyc_status_is_known
        check (kyc_status in ('PENDING', 'VERIFIED', 'REJECTED', 'SUSPENDED')),
    add constraint app_user_risk_level_is_known
        check (risk_level in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    add constraint app_user_trading_tier_is_bounded check (trading_tier between 0 and 9);

-- What is decided about a user the user can't decide: only these may the users' role write.
revoke update on app_user from accounts_api;
revoke insert on app_user from accounts_api;
grant insert (user_id, created_at, last_sign_in_at) on app_user to accounts_api;
grant update (last_sign_in_at, created_at) on app_user to accounts_api;

do $$
declare
    name text;
begin
    foreach name in array array['app_user', 'wallet', 'subaccount', 'customer_account'] loop
        execute format(
            'create policy admins_see_all on %I for select to accounts_admin'
            ' using (current_admin_id() is not null)', name);
    end loop;
end $$;
create policy admins_decide on app_user for update to accounts_admin
    using (current_admin_id() is not null) with check (current_admin_id() is not null);
grant select on app_user, wallet, subaccount, customer_account to accounts_admin;
grant update (kyc_status, risk_level, trading_tier) on app_user to accounts_admin;
