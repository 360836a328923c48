-- Where the running funding interval of each market stands, and the rates that were set.
alter table price_state
    add column funding_sequence                bigint not null default 0,
    add column funding_interval_end_millis     bigint not null default 0,
    add column funding_premium_sum_trillionths bigint not null default 0,
    add column funding_samples                 bigint not null default 0,
    add column funding_sampled_millis          bigint not null default 0,
    add constraint price_state_funding_sequence_is_not_negative check (funding_sequence >= 0),
    add constraint price_state_funding_samples_are_not_negative check (funding_samples >= 0);

create table funding_rate (
    market_id           integer not null,
    sequence            bigint  not null,
    kind                text    not null,
    rate_nanos          bigint  not null,
    premium_nanos       bigint  not null,
    oracle_units        bigint  not null,
    mark_units          bigint  not null,
    interval_end_millis bigint  not null,
    at_millis           bigint  not null,
    primary key (market_id, sequence),
    constraint funding_rate_sequence_is_positive check (sequence > 0),
    constraint funding_rate_kind_is_known check (kind in ('AUTOMATIC', 'MANUAL', 'EMERGENCY')),
    constraint funding_rate_prices_are_positive check (oracle_units > 0 and mark_units > 0)
);
comment on table funding_rate is
    'The funding rates of each market, numbered without a gap; each is also a record of market-data.funding-rates.v1.';

create type funding_rate_row as (
    market_id           integer,
    sequence            bigint,
    kind                text,
    rate_nanos          bigint,
    premium_nanos       bigint,
    oracle_units        bigint,
    mark_units          bigint,
    interval_end_millis bigint,
    at_millis           bigint
);

grant select on funding_rate to market_data_api;
grant select, insert on funding_rate to market_data_shard;
