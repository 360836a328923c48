-- Every index and mark price as it was published, a partition a day, dropped by age.

create table oracle_tick (
    market_id        integer not null,
    at_millis        bigint  not null,
    sequence         bigint  not null,
    price_units      bigint  not null,
    confidence_units bigint  not null,
    source           text    not null,
    fault            text,
    primary key (market_id, at_millis, sequence),
    constraint oracle_tick_is_positive check (price_units > 0)
) partition by range (at_millis);
comment on table oracle_tick is 'Index prices as they were published.';
comment on column oracle_tick.fault is 'Why it was not valid, which keeps it out of candles; null when it was.';

create table mark_tick (
    market_id    integer not null,
    at_millis    bigint  not null,
    sequence     bigint  not null,
    mark_units   bigint  not null,
    oracle_units bigint  not null,
    primary key (market_id, at_millis, sequence),
    constraint mark_tick_is_positive check (mark_units > 0 and oracle_units > 0)
) partition by range (at_millis);
comment on table mark_tick is 'Mark prices as they were published, with the index each was made of.';

create table tick_state (
    market_id       integer primary key,
    oracle_sequence bigint not null,
    mark_sequence   bigint not null
);
comment on table tick_state is 'The newest prices of each market that are stored; older ones and repeats are not taken.';

insert into history_table values ('oracle_tick', 'day'), ('mark_tick', 'day');

create type oracle_tick_row as (
    market_id integer,
    at_millis bigint,
    sequence bigint,
    price_units bigint,
    confidence_units bigint,
    source text,
    fault text
);
create type mark_tick_row as (
    market_id integer,
    at_millis bigint,
    sequence bigint,
    mark_units bigint,
    oracle_units bigint
);
create type tick_state_row as (
    market_id integer,
    oracle_sequence bigint,
    mark_sequence bigint
);

grant select on oracle_tick, mark_tick to market_data_api;
grant select, insert, update, delete on oracle_tick, mark_tick, tick_state to market_data_shard;
