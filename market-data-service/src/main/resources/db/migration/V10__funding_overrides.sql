-- What administrators want of a market's funding: the newest row of a market counts, until its end. A row without a rate
-- takes the one before it back.
create table funding_override (
    market_id    integer not null,
    number       bigint  not null,
    kind         text,
    rate_nanos   bigint,
    until_millis bigint,
    at_millis    bigint  not null,
    changed_by   text    not null,
    reason       text    not null,
    primary key (market_id, number),
    constraint funding_override_number_is_positive check (number > 0),
    constraint funding_override_kind_is_an_administrators check (kind in ('MANUAL', 'EMERGENCY')),
    constraint funding_override_is_whole_or_takes_back
        check (num_nulls(kind, rate_nanos, until_millis) in (0, 3)),
    constraint funding_override_ends_after_it_begins check (until_millis > at_millis)
);
comment on column funding_override.changed_by is 'The id of the administrator who decided it.';

-- What was decided stays as it was decided.
grant select on funding_override to market_data_api;
grant select, insert on funding_override to market_data_shard;
revoke update, delete on funding_override from market_data_shard;
