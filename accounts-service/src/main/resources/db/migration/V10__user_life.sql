-- Profiles; suspension, deactivation and deletion of users.

-- What a user says of themself -------------------------------------------------------------------
-- A table of its own, so that a user who is deleted has no row here; their id stays in app_user.

create table user_profile (
    user_id bigint primary key references app_user,
    username text,
    email text,
    referral_code text not null,
    referrer_id bigint references app_user,
    referrer_code text,
    constraint user_profile_username_is_plain check (
        username ~ '^[A-Za-z][A-Za-z0-9._-]{2,31}$'),
    constraint user_profile_email_is_bounded check (length(email) <= 254),
    constraint user_profile_referral_code_is_plain check (referral_code ~ '^[0-9A-Z]{10}$'),
    constraint user_profile_referral_code_is_used_once unique (referral_code),
    constraint user_profile_referrer_was_there_before check (referrer_id < user_id),
    constraint user_profile_referrer_came_by_a_code check (
        (referrer_id is null) = (referrer_code is null))
);
create unique index user_profile_username_is_used_once on user_profile (lower(username));
create index user_profile_by_email on user_profile (lower(email));

comment on table user_profile is 'Personal: it never leaves this service.';
comment on column user_profile.email is
    'as the user gave it; nobody has verified it, so it is not unique and signs nobody in';
comment on column user_profile.referrer_id is
    'set once; smaller than the user''s own id, so that no chain of referrers comes back to itself';

insert into user_profile (user_id, referral_code)
select user_id, upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10)) from app_user;

-- Where a user stands ----------------------------------------------------------------------------

alter table app_user
    add column state text not null default 'ACTIVE',
    add column suspended_at timestamptz,
    add column suspension_reason text,
    add constraint app_user_state_is_known check (
        state in ('ACTIVE', 'DEACTIVATING', 'DEACTIVATED', 'CLOSING', 'DELETED')),
    add constraint app_user_suspended_says_why check (
        (suspended_at is null) = (suspension_reason is null)
        and length(suspension_reason) <= 500);

create table user_closing (
    closing_id bigint generated always as identity primary key,
    user_id bigint not null references app_user,
    kind text not null,
    state text not null,
    state_before text not null,
    kept_sign_in uuid not null,
    obstacles text,
    asked_at timestamptz not null,
    decided_at timestamptz,
    finished_at timestamptz,
    next_attempt_at timestamptz,
    constraint user_closing_kind_is_known check (kind in ('DEACTIVATION', 'DELETION')),
    constraint user_closing_state_is_known check (state in ('ASKED', 'REFUSED', 'FROZEN', 'DONE')),
    constraint user_closing_goes_back_to_where_it_began check (
        state_before in ('ACTIVE', 'DEACTIVATED')),
    constraint user_closing_refused_says_why check ((state = 'REFUSED') = (obstacles is not null)),
    constraint user_closing_frozen_has_a_next_attempt check (
        (state = 'FROZEN') = (next_attempt_at is not null))
);
create unique index user_closing_is_under_way_once on user_closing (user_id)
    where state in ('ASKED', 'FROZEN');
create index user_closing_of_user on user_closing (user_id, closing_id desc);
create index user_closing_to_be_done on user_closing (next_attempt_at)
    where next_attempt_at is not null;

comment on table user_closing is
    'A user''s wish to leave, as far as it has come: asked of risk, then refused by it, or frozen'
    ' and, when all has been done that follows, done. Kept under the id alone.';
comment on column user_closing.kept_sign_in is 'of a deactivation: the one that goes on';

-- States only move on, and only risk's answer, which the settlement shard brings, decides.
create function user_closing_moves_only_on() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if (new.closing_id, new.user_id, new.kind, new.state_before, new.kept_sign_in, new.asked_at)
        is distinct from (old.closing_id, old.user_id, old.kind, old.state_before,
            old.kept_sign_in, old.asked_at)
        or new.state <> old.state and (old.state, new.state) not in (
            ('ASKED', 'REFUSED'), ('ASKED', 'FROZEN'), ('FROZEN', 'DONE'))
        or old.state = 'ASKED' and new.state <> old.state and current_user = 'accounts_api' then
        raise integrity_constraint_violation
            using message = 'a closing goes from ' || old.state || ' never to ' || new.state;
    end if;
    return new;
end $$;
create trigger user_closing_moves_only_on before update on user_closing
    for each row execute function user_closing_moves_only_on();

create function app_user_state_moves_only_on() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if (old.state, new.state) not in (
            ('ACTIVE', 'DEACTIVATING'), ('ACTIVE', 'CLOSING'),
            ('DEACTIVATING', 'ACTIVE'), ('DEACTIVATING', 'DEACTIVATED'),
            ('DEACTIVATED', 'ACTIVE'), ('DEACTIVATED', 'CLOSING'),
            ('CLOSING', 'ACTIVE'), ('CLOSING', 'DEACTIVATED'), ('CLOSING', 'DELETED')) then
        raise integrity_constraint_violation
            using message = 'a user goes from ' || old.state || ' never to ' || new.state;
    end if;
    return new;
end $$;
create trigger app_user_state_moves_only_on before update on app_user
    for each row when (old.state <> new.state) execute function app_user_state_moves_only_on();

-- A request that was under way when its user was deleted adds nothing to them: it waits for the
-- deletion, or the deletion for it.
create function refuse_to_add_to_the_deleted() returns trigger
    language plpgsql security definer
    set search_path = accounts, pg_temp
as $$
declare
    found_state text;
begin
    select u.state into found_state from app_user u where u.user_id = new.user_id for key share;
    if found_state = 'DELETED' then
        raise integrity_constraint_violation
            using message = 'user ' || new.user_id || ' is deleted';
    end if;
    return new;
end $$;

do $$
declare
    name text;
begin
    foreach name in array array[
        'user_profile', 'agent', 'wallet', 'sign_in', 'subaccount', 'deposit', 'withdrawal_address',
        'withdrawal', 'vault_secret', 'hypercore_subaccount', 'exchange_key']
    loop
        execute format(
            'create trigger %I before insert on %I for each row'
            ' execute function refuse_to_add_to_the_deleted()',
            name || '_is_not_of_the_deleted', name);
    end loop;
end $$;

-- Row-level security and rights ------------------------------------------------------------------

do $$
declare
    name text;
begin
    foreach name in array array['user_profile', 'user_closing'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy owner_sees_all on %I to accounts_owner using (true) with check (true)',
            name);
        execute format(
            'create policy users_see_their_own on %I to accounts_api'
            ' using (user_id = current_user_id()) with check (user_id = current_user_id())',
            name);
        execute format(
            'create policy admins_see_all on %I for select to accounts_admin'
            ' using (current_admin_id() is not null)',
            name);
        execute format('grant select on %I to accounts_admin', name);
    end loop;
end $$;
create policy shard_sees_all on user_closing to accounts_shard using (true) with check (true);

revoke all on user_profile from accounts_shard;
revoke insert, delete on user_closing from accounts_shard;
grant select, insert, delete on user_profile to accounts_api;
grant update (username, email, referrer_id, referrer_code) on user_profile to accounts_api;
grant select, insert on user_closing to accounts_api;
grant update (state, finished_at, next_attempt_at) on user_closing to accounts_api;
grant update (state) on app_user to accounts_api;
grant update (name) on subaccount to accounts_api;
grant delete on hypercore_subaccount to accounts_api;
grant update (suspended_at, suspension_reason) on app_user to accounts_admin;

-- An administrator's transaction tells risk too.
grant select, insert, update on channel to accounts_admin;
grant insert on outbox to accounts_admin;
grant usage on sequence outbox_batch to accounts_admin;

-- What a request may learn beyond its user's rows ------------------------------------------------

create function referrer_with(code text) returns bigint
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select p.user_id from user_profile p where p.referral_code = code;
end;

comment on function referrer_with(text) is 'Whose a referral code is: its user gave it away.';

revoke all on function
    referrer_with(text), user_closing_moves_only_on(), app_user_state_moves_only_on(),
    refuse_to_add_to_the_deleted() from public;
grant execute on function referrer_with(text) to accounts_api;
