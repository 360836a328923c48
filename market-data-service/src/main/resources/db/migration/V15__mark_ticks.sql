-- What a mark says of itself: why its index was not valid, and the funding rate that its interval would have ended with.
alter table mark_tick
    add column fault                   text,
    add column predicted_funding_nanos bigint;
comment on column mark_tick.fault is 'Why the index was not valid; null when it was.';
comment on column mark_tick.predicted_funding_nanos is 'Of a whole interval; null before anything was sampled.';

create type mark_row as (
    market_id integer,
    at_millis bigint,
    sequence bigint,
    mark_units bigint,
    oracle_units bigint,
    fault text,
    predicted_funding_nanos bigint
);
