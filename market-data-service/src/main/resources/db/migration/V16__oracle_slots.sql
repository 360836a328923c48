-- The slot an index price is from, and the form that prices are kept in.
alter table oracle_tick
    add column slot bigint;
comment on column oracle_tick.slot is 'Of the chain that the source publishes on; null when it has none.';
comment on column oracle_tick.price_units is 'In units of 1e-8 US dollars: the exponent is -8.';
comment on column oracle_tick.confidence_units is 'One standard deviation, in units of 1e-8 US dollars: the exponent is -8.';

create type oracle_row as (
    market_id integer,
    at_millis bigint,
    sequence bigint,
    price_units bigint,
    confidence_units bigint,
    source text,
    fault text,
    slot bigint
);
