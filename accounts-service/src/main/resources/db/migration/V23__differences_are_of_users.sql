-- What a comparison with risk found is of somebody's subaccount: administrators see it, by name.

do $$
declare
    name text;
begin
    foreach name in array array['reconciliation_agreement', 'reconciliation_difference'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy owner_sees_all on %I to accounts_owner using (true) with check (true)',
            name);
        execute format(
            'create policy shard_sees_all on %I to accounts_shard using (true) with check (true)',
            name);
    end loop;
end $$;

create policy admins_see_all on reconciliation_difference for select to accounts_admin
    using (current_admin_id() is not null);
