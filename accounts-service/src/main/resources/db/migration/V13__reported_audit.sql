-- What administrators do in other services stands in the same chain: the service reports it, and the
-- shard's role, which follows its topic, records it for the administrator. It can say so of those
-- actions alone, which nobody takes in this service.

create function extend_audit(
        at timestamptz, actor_kind text, actor_id text, action text, subject text,
        state_before text, state_after text, client_address text, user_agent text)
    returns bigint
    language plpgsql
    set search_path = accounts, pg_temp
as $$
declare
    head audit_head;
    entry audit_entry;
begin
    select h.* into strict head from audit_head h for update;
    entry := row(
        head.number + 1, at, actor_kind, actor_id, action, subject, state_before, state_after,
        client_address, user_agent, head.hash, null);
    entry.hash := audit_hash(entry);
    insert into audit_entry select entry.*;
    update audit_head set number = entry.number, hash = entry.hash;
    return entry.number;
end $$;

comment on function extend_audit(timestamptz, text, text, text, text, text, text, text, text) is
    'Adds an entry, whoever is its actor: for the functions that ask first.';

create or replace function append_audit(
        at timestamptz, actor_kind text, actor_id text, action text, subject text,
        state_before text, state_after text, client_address text, user_agent text)
    returns bigint
    language plpgsql security definer
    set search_path = accounts, pg_temp
as $$
begin
    -- Who logged in to the database can't say that it was somebody else.
    if actor_kind = 'ADMIN' and (session_user <> 'accounts_admin'
            or actor_id is distinct from current_admin_id()::text)
        or actor_kind = 'USER' and actor_id is distinct from current_user_id()::text then
        raise insufficient_privilege
            using message = 'the transaction does not act for ' || actor_kind || ' ' || actor_id;
    end if;
    return extend_audit(
        at, actor_kind, actor_id, action, subject, state_before, state_after, client_address,
        user_agent);
end $$;

create function append_reported_audit(
        at timestamptz, actor_kind text, actor_id text, action text, subject text,
        state_before text, state_after text, client_address text, user_agent text)
    returns bigint
    language plpgsql security definer
    set search_path = accounts, pg_temp
as $$
begin
    if actor_kind <> 'ADMIN' or action not in ('MARKET_LISTED', 'MARKET_CHANGED') then
        raise insufficient_privilege
            using message = 'no other service reports ' || action || ' of ' || actor_kind;
    end if;
    return extend_audit(
        at, actor_kind, actor_id, action, subject, state_before, state_after, client_address,
        user_agent);
end $$;

comment on function
    append_reported_audit(timestamptz, text, text, text, text, text, text, text, text) is
    'Adds an entry of what an administrator did in another service.';

revoke all on function
    extend_audit(timestamptz, text, text, text, text, text, text, text, text),
    append_reported_audit(timestamptz, text, text, text, text, text, text, text, text) from public;
grant execute on function
    append_reported_audit(timestamptz, text, text, text, text, text, text, text, text)
    to accounts_shard;
