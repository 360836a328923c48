-- What happened, and who did it: a chain of entries that is added to and never changed.
-- A further role from here on: accounts_admin, whose transactions name an administrator in
-- perpetua.admin_id and see nothing without one.

create function current_admin_id() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('perpetua.admin_id', true), '')::bigint;

comment on function current_admin_id() is
    'The administrator who acts in the transaction; null when it names nobody.';

create table audit_entry (
    number bigint primary key,
    at timestamptz not null,
    actor_kind text not null,
    actor_id text not null,
    action text not null,
    subject text not null,
    state_before text,
    state_after text,
    client_address text,
    user_agent text,
    previous_hash bytea not null,
    hash bytea not null,
    constraint audit_entry_number_is_positive check (number > 0),
    constraint audit_entry_actor_is_known check (actor_kind in ('ADMIN', 'USER', 'SERVICE')),
    constraint audit_entry_action_is_a_word check (action ~ '^[A-Z][A-Z0-9_]{1,63}$'),
    constraint audit_entry_states_are_json check (
        (state_before is null or state_before is json)
        and (state_after is null or state_after is json)),
    constraint audit_entry_is_bounded check (
        length(actor_id) <= 64 and length(subject) <= 160
        and octet_length(state_before) <= 16384 and octet_length(state_after) <= 16384
        and length(client_address) <= 64 and length(user_agent) <= 256),
    constraint audit_entry_hashes_are_sha_256 check (
        octet_length(previous_hash) = 32 and octet_length(hash) = 32)
);
create index audit_entry_by_actor on audit_entry (actor_kind, actor_id, number);
create index audit_entry_by_action on audit_entry (action, number);
create index audit_entry_by_subject on audit_entry (subject, number);
create index audit_entry_by_time on audit_entry (at, number);

comment on table audit_entry is
    'Entries are numbered from 1 without gaps; each carries the hash of the one before it.';

-- The end of the chain: its lock makes the order of entries the order of commits.
create table audit_head (
    chain smallint primary key default 1,
    number bigint not null,
    hash bytea not null,
    constraint audit_has_one_chain check (chain = 1)
);
insert into audit_head (number, hash) values (0, decode(repeat('00', 32), 'hex'));

-- What is hashed ---------------------------------------------------------------------------------
-- Every text with its length before it, so that no two entries are written alike; domain/audit
-- writes the same bytes in Java and finds what was changed.

create function audit_bytes(field text) returns bytea
    language sql stable parallel safe
    return coalesce(
        int4send(octet_length(convert_to(field, 'UTF8'))) || convert_to(field, 'UTF8'),
        int4send(-1));

create function audit_hash(entry audit_entry) returns bytea
    language sql stable parallel safe
    return sha256(
        int8send((entry).number)
        || int8send((extract(epoch from (entry).at) * 1000000)::bigint)
        || audit_bytes((entry).actor_kind) || audit_bytes((entry).actor_id)
        || audit_bytes((entry).action) || audit_bytes((entry).subject)
        || audit_bytes((entry).state_before) || audit_bytes((entry).state_after)
        || audit_bytes((entry).client_address) || audit_bytes((entry).user_agent)
        || (entry).previous_hash);

-- The only way in --------------------------------------------------------------------------------

create function append_audit(
        at timestamptz, actor_kind text, actor_id text, action text, subject text,
        state_before text, state_after text, client_address text, user_agent text)
    returns bigint
    language plpgsql security definer
    set search_path = accounts, pg_temp
as $$
declare
    head audit_head;
    entry audit_entry;
begin
    -- Who logged in to the database can't say that it was somebody else.
    if actor_kind = 'ADMIN' and (session_user <> 'accounts_admin'
            or actor_id is distinct from current_admin_id()::text)
        or actor_kind = 'USER' and actor_id is distinct from current_user_id()::text then
        raise insufficient_privilege
            using message = 'the transaction does not act for ' || actor_kind || ' ' || actor_id;
    end if;
    select h.* into strict head from audit_head h for update;
    entry := row(
        head.number + 1, at, actor_kind, actor_id, action, subject, state_before, state_after,
        client_address, user_agent, head.hash, null);
    entry.hash := audit_hash(entry);
    insert into audit_entry select entry.*;
    update audit_head set number = entry.number, hash = entry.hash;
    return entry.number;
end $$;

comment on function append_audit(timestamptz, text, text, text, text, text, text, text, text) is
    'Adds an entry and holds the chain until the transaction ends.';

-- Never changed ----------------------------------------------------------------------------------

create function refuse_to_rewrite_audit() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if tg_table_name = 'audit_head' and tg_op = 'UPDATE' then
        if new.number = old.number + 1 and new.chain = old.chain
            and exists (
                select from audit_entry e
                where e.number = new.number and e.hash = new.hash
                    and e.previous_hash = old.hash) then
            return new;
        end if;
    end if;
    raise insufficient_privilege
        using message = 'the audit log is added to, never changed';
end $$;

create trigger audit_entry_is_never_changed before update or delete on audit_entry
    for each row execute function refuse_to_rewrite_audit();
create trigger audit_entry_is_never_emptied before truncate on audit_entry
    for each statement execute function refuse_to_rewrite_audit();
create trigger audit_head_only_moves_on before update or delete on audit_head
    for each row execute function refuse_to_rewrite_audit();
create trigger audit_head_is_never_emptied before truncate on audit_head
    for each statement execute function refuse_to_rewrite_audit();
alter table audit_entry enable always trigger audit_entry_is_never_changed;
alter table audit_entry enable always trigger audit_entry_is_never_emptied;
alter table audit_head enable always trigger audit_head_only_moves_on;
alter table audit_head enable always trigger audit_head_is_never_emptied;

-- Who may do what --------------------------------------------------------------------------------

alter table audit_entry enable row level security;
alter table audit_entry force row level security;
create policy owner_sees_all on audit_entry to accounts_owner using (true) with check (true);
create policy admins_see_all on audit_entry for select to accounts_admin
    using (current_admin_id() is not null);

revoke all on audit_entry, audit_head from accounts_shard;
grant select on audit_entry to accounts_admin;

create function audit_end() returns table (number bigint, hash bytea, last_number bigint)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select h.number, h.hash, (select coalesce(max(e.number), 0) from audit_entry e)
    from audit_head h;
end;

comment on function audit_end() is
    'Where the chain ends, by its head and by its entries, which is the same unless cut off.';

create function audit_hash_at(entry_number bigint) returns bytea
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select e.hash from audit_entry e where e.number = entry_number;
end;

revoke all on function
    append_audit(timestamptz, text, text, text, text, text, text, text, text),
    audit_end(), audit_hash_at(bigint), refuse_to_rewrite_audit() from public;
grant execute on function
    append_audit(timestamptz, text, text, text, text, text, text, text, text),
    audit_end(), audit_hash_at(bigint) to accounts_api, accounts_shard, accounts_admin;
