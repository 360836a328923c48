-- What happened to the service itself: starts, shards taken and lost, alerts. One row a type,
-- severity and minute, for all instances together. See edge's SystemEvents.
--
-- Repeatable, since it came when services had migrations of higher numbers than the event log's:
-- what it says must be true whatever it meets.

create table if not exists system_event (
    event_id bigint generated always as identity primary key,
    type text not null,
    severity text not null,
    minute timestamptz not null,
    at timestamptz not null,
    count bigint not null,
    data json not null,
    constraint system_event_is_one_a_minute unique (type, severity, minute),
    constraint system_event_type_is_a_word check (type ~ '^[A-Z][A-Z_]{0,63}$'),
    constraint system_event_severity_is_known check (severity in ('INFO', 'WARNING', 'CRITICAL')),
    constraint system_event_count_is_positive check (count > 0),
    constraint system_event_data_is_bounded check (octet_length(data::text) <= 4096)
);
create index if not exists system_event_by_time on system_event (at);

comment on column system_event.at is 'when it happened last in that minute';
comment on column system_event.count is 'how often it happened in that minute or since the row before';
comment on column system_event.data is 'of the last time';

do $$
declare
    shard_role text := current_schema() || '_shard';
    api_role text := current_schema() || '_api';
    admin_role text := current_schema() || '_admin';
begin
    execute format('revoke all on system_event from %I', api_role);
    execute format('grant select, insert, update, delete on system_event to %I', shard_role);
    if exists (select from pg_roles where rolname = admin_role) then
        execute format('revoke all on system_event from %I', admin_role);
        execute format('grant select on system_event to %I', admin_role);
    end if;
end
$$;
