-- Making, promoting and resetting an administrator takes two administrators, or, while there is no
-- second one who could decide, one and the operator's secret.

-- Approvals --------------------------------------------------------------------------------------

alter table approval
    add column by_operator boolean not null default false,
    drop constraint approval_kind_is_known,
    add constraint approval_kind_is_known check (
        kind in ('ADJUSTMENT', 'ADMIN_MAKING', 'ADMIN_PROMOTION', 'ADMIN_RESET')),
    drop constraint approval_takes_two_administrators,
    add constraint approval_takes_two_administrators check (
        by_operator or decided_by <> requested_by),
    add constraint approval_by_the_operator_is_of_an_administrator check (
        not by_operator
        or (kind <> 'ADJUSTMENT' and state = 'EXECUTED' and decided_by = requested_by));

comment on column approval.by_operator is
    'the second pair of eyes was the operator, whose secret the one who asked has shown';

create function another_admin_may_decide(asking bigint, about text) returns boolean
    language sql stable
    set search_path = accounts, pg_temp
begin atomic
    select exists (
        select from admin_user a
        where a.state = 'ACTIVE' and a.role in ('RISK_MANAGER', 'SUPER_ADMIN')
            and a.admin_id <> asking and 'admin:' || a.admin_id <> about);
end;
revoke all on function another_admin_may_decide(bigint, text) from public;
grant execute on function another_admin_may_decide(bigint, text) to accounts_admin;

create policy operator_decides on approval for update to accounts_admin
    using (
        requested_by = current_admin_id() and kind <> 'ADJUSTMENT'
        and not another_admin_may_decide(requested_by, subject))
    with check (by_operator and decided_by = current_admin_id());
grant update (by_operator) on approval to accounts_admin;

-- Administrators ---------------------------------------------------------------------------------

alter table admin_user
    add column enrolment_parts smallint not null default 1,
    add column decider_hash bytea,
    add column role_approval_id bigint references approval,
    add column enrolment_approval_id bigint references approval,
    add constraint admin_user_enrols_by_one_part_or_two check (enrolment_parts in (1, 2)),
    add constraint admin_user_decider_hash_is_sha_256
        check (decider_hash is null or octet_length(decider_hash) = 32),
    drop constraint admin_user_with_secrets_when_active,
    add constraint admin_user_with_secrets_when_active check (
        state <> 'ACTIVE' or (password_hash is not null and sealed_totp is not null
            and enrolment_hash is null and decider_hash is null));

comment on column admin_user.enrolment_parts is
    'two where two administrators made or reset them: each holds a part of the token, and neither'
    ' can enrol in their name';
comment on column admin_user.decider_hash is 'of the part of whoever approved';
comment on column admin_user.role_approval_id is 'what gave them their role, since it takes two';
comment on column admin_user.enrolment_approval_id is 'what lets them enrol, since it takes two';

-- Their columns were those of the table when they were made.
create or replace function admin_named(claimed text)
    returns setof admin_user
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select a.* from admin_user a where a.username = claimed;
end;

create or replace function admin_identified(issuer text, subject text)
    returns setof admin_user
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select a.* from admin_user a
    where a.oidc_issuer = issuer and a.oidc_subject = subject;
end;

-- Whether the one who acts has just decided so.
create function admin_change_is_approved(
        approved bigint, wanted text, about text, granted text)
    returns boolean
    language sql stable
    set search_path = accounts, pg_temp
begin atomic
    select exists (
        select from approval a
        where a.approval_id = approved and a.kind = wanted and a.subject = about
            and a.state = 'EXECUTED' and a.decided_by = current_admin_id()
            and (granted is null or a.content::json ->> 'role' = granted));
end;
revoke all on function admin_change_is_approved(bigint, text, text, text) from public;
grant execute on function admin_change_is_approved(bigint, text, text, text) to accounts_admin;

-- Four eyes in the database too: what an administrator can't do alone, their role can't either.
create function admin_takes_two() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if current_user <> 'accounts_admin' then
        return new;
    end if;
    if tg_op = 'INSERT' then
        if new.state <> 'ENROLLING'
            or new.enrolment_hash is not null or new.decider_hash is not null
            or new.role_approval_id is distinct from new.enrolment_approval_id
            or not admin_change_is_approved(
                new.role_approval_id, 'ADMIN_MAKING', 'admin:' || new.username, new.role) then
            raise insufficient_privilege
                using message = 'making an administrator takes two';
        end if;
        return new;
    end if;
    if (new.admin_id, new.username, new.created_at)
        is distinct from (old.admin_id, old.username, old.created_at) then
        raise insufficient_privilege
            using message = 'an administrator never becomes another one';
    end if;
    if new.role <> old.role and old.role <> 'SUPER_ADMIN'
        and (new.role_approval_id is not distinct from old.role_approval_id
            or not admin_change_is_approved(
                new.role_approval_id, 'ADMIN_PROMOTION', 'admin:' || new.admin_id, new.role)) then
        raise insufficient_privilege
            using message = 'giving an administrator more takes two';
    end if;
    if new.state = 'ENROLLING'
        and (old.state <> 'ENROLLING'
            or new.enrolment_parts <> old.enrolment_parts
            or new.enrolment_approval_id is distinct from old.enrolment_approval_id)
        and (new.enrolment_approval_id is not distinct from old.enrolment_approval_id
            or new.enrolment_hash is not null or new.decider_hash is not null
            or not admin_change_is_approved(
                new.enrolment_approval_id, 'ADMIN_RESET', 'admin:' || new.admin_id, null)) then
        raise insufficient_privilege
            using message = 'having an administrator enrol anew takes two';
    end if;
    if old.state = 'DISABLED' and new.state = 'ACTIVE' then
        raise insufficient_privilege
            using message = 'whoever was disabled enrols anew';
    end if;
    if new.enrolment_hash is not null and new.enrolment_hash is distinct from old.enrolment_hash
        and not exists (
            select from approval a
            where a.approval_id = new.enrolment_approval_id
                and a.requested_by = current_admin_id()) then
        raise insufficient_privilege
            using message = 'the first part of a token is of whoever asked';
    end if;
    if new.decider_hash is not null and new.decider_hash is distinct from old.decider_hash
        and not exists (
            select from approval a
            where a.approval_id = new.enrolment_approval_id and not a.by_operator
                and a.decided_by = current_admin_id()) then
        raise insufficient_privilege
            using message = 'the second part of a token is of whoever approved';
    end if;
    return new;
end $$;
revoke all on function admin_takes_two() from public;

create trigger admin_takes_two before insert or update on admin_user
    for each row execute function admin_takes_two();

-- An approval has one effect.
create unique index admin_user_by_role_approval on admin_user (role_approval_id);
create unique index admin_user_by_enrolment_approval on admin_user (enrolment_approval_id);
