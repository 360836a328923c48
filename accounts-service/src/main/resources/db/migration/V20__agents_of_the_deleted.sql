-- A row of an agent stays for its address; what its user wrote of it, and from where they sent, goes
-- with the user. Otherwise its terms are as they were registered.
grant update (label, filter, networks) on agent to accounts_api;

create function agent_terms_are_only_blanked() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if (new.address, new.user_id, new.scopes, new.registered_at, new.expires_at)
            is distinct from (old.address, old.user_id, old.scopes, old.registered_at,
                old.expires_at)
        or old.removed_at is not null and new.removed_at is distinct from old.removed_at
        or (new.label, new.filter, new.networks)
            is distinct from (old.label, old.filter, old.networks)
            and not (new.removed_at is not null and new.label = 'Agent'
                and new.filter is null and new.networks = '{}') then
        raise integrity_constraint_violation
            using message = 'an agent is as it was registered until it is removed';
    end if;
    return new;
end $$;
revoke all on function agent_terms_are_only_blanked() from public;

create trigger agent_terms_are_only_blanked before update on agent
    for each row execute function agent_terms_are_only_blanked();
