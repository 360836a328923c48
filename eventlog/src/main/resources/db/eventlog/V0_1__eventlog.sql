-- The tables of the event log. They live in each service's own schema, beside its state, so that
-- state, input position and output move in one commit. See eventlog/README.md.

-- Who owns a shard, or a relay, and where its input and output stand. Every batch ends by checking the epoch and writing
-- its progress, in one statement: one version of one row, where a row an offset, mark and channel would be about ten.
-- progress: {"offsets": {topic: next}, "marks": {topic: {source: number}}, "channels": {topic: [next of each partition]}}
create table shard (
    id text primary key,
    kind text not null,
    owner text,
    epoch bigint not null default 0,
    until timestamptz not null default '-infinity',
    cluster text,
    progress json not null default '{}',
    constraint shard_epoch_is_not_negative check (epoch >= 0)
) with (fillfactor = 50, toast_tuple_target = 8160);
-- A row is rewritten many times a second: no compression.
alter table shard alter column progress set storage external;

-- The offset a shard reads next in its partition of a topic.
create view shard_offset with (security_invoker = true) as
    select s.id as shard, o.key as topic, o.value::bigint as next_offset
    from shard s, json_each_text(s.progress -> 'offsets') o;

-- The number of the last event a shard accepted from a source in its partition of a topic.
create view mark with (security_invoker = true) as
    select s.id as shard, t.key as topic, m.key as source, m.value::bigint as number
    from shard s, json_each(s.progress -> 'marks') t, json_each_text(t.value) m;

-- The number that a shard's next event to a partition of a topic gets.
create view shard_channel with (security_invoker = true) as
    select s.id as source, t.key as topic, (n.place - 1)::integer as partition, n.number::bigint as next_number
    from shard s, json_each(s.progress -> 'channels') t,
        json_array_elements_text(t.value) with ordinality as n(number, place);

-- The channels of a relay's source, whose numbers HTTP transactions take: what it publishes to one partition, and the number
-- its next event gets.
create table channel (
    source text not null,
    topic text not null,
    partition integer not null,
    next_number bigint not null,
    primary key (source, topic, partition),
    constraint channel_number_is_positive check (next_number > 0)
) with (fillfactor = 50);

-- Committed events that the log has not confirmed yet: one row a source and batch.
create sequence outbox_batch;
create table outbox (
    source text not null,
    batch bigint not null default nextval('outbox_batch'),
    events bytea not null,
    primary key (source, batch)
);
alter table outbox alter column events set storage external;
-- Rows live for milliseconds: sweep often, by count alone.
alter table outbox set (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 100000
);

-- Living instances of the service, so that each takes its even part of the shards.
create table instance (
    kind text not null,
    id text not null,
    until timestamptz not null,
    primary key (kind, id)
);

-- Gateway numbers. No holder may issue an id of a millisecond at or above ids_below_millis.
create table gateway (
    number integer primary key,
    owner text,
    until timestamptz not null default '-infinity',
    ids_below_millis bigint not null default 0,
    constraint gateway_number_fits_five_bits check (number between 0 and 31)
);
insert into gateway (number) select generate_series(0, 31);

-- The schema is named after the service, and its roles after the schema.
do $$
declare
    shard_role text := current_schema() || '_shard';
    api_role text := current_schema() || '_api';
begin
    execute format(
        'grant select, insert, update, delete on shard, channel, outbox, instance, gateway to %I',
        shard_role);
    execute format('grant select on shard_offset, mark, shard_channel to %I', shard_role);
    execute format('grant usage on sequence outbox_batch to %I, %I', shard_role, api_role);
    execute format('grant select, insert, update on channel to %I', api_role);
    execute format('grant insert on outbox to %I', api_role);
    execute format('grant select, update on gateway to %I', api_role);
end
$$;
