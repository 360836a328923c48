-- What is imported into a market, and what is deleted of it, is reported too.
create or replace function append_reported_audit(
        at timestamptz, actor_kind text, actor_id text, action text, subject text,
        state_before text, state_after text, client_address text, user_agent text)
    returns bigint
    language plpgsql security definer
    set search_path = accounts, pg_temp
as $$
begin
    if not (actor_kind = 'ADMIN' and action in (
                'MARKET_LISTED', 'MARKET_CHANGED', 'MARKET_FUNDING_SET', 'MARKET_FUNDING_TAKEN_BACK',
                'MARKET_APPROVAL_REQUESTED', 'MARKET_APPROVAL_GRANTED', 'MARKET_APPROVAL_REJECTED',
                'MARKET_IMPORT_ADDED', 'MARKET_IMPORT_DELETED')
            or actor_kind = 'SERVICE' and actor_id = 'market-data-service'
                and action = 'MARKET_APPROVAL_EXPIRED') then
        raise insufficient_privilege
            using message = 'no other service reports ' || action || ' of ' || actor_kind;
    end if;
    return extend_audit(
        at, actor_kind, actor_id, action, subject, state_before, state_after, client_address,
        user_agent);
end $$;
