-- What a day's candle does not tell, and what market-data knows of a market as a whole.

create table market_day (
    market_id           integer not null,
    day_millis          bigint  not null,
    open_interest_units bigint  not null,
    primary key (market_id, day_millis),
    constraint market_day_begins_a_day check (day_millis % 86400000 = 0),
    constraint market_day_open_interest_is_not_negative check (open_interest_units >= 0)
);
comment on table market_day is 'Days in which something traded: the open interest after the last trade of each, counted on one side.';

create type market_day_row as (
    market_id integer,
    day_millis bigint,
    open_interest_units bigint
);

-- Every contract has a long and a short side, so both are the open interest.
create view market_summary with (security_invoker = true) as
select m.market_id, m.symbol,
       coalesce(t.open_interest_units, 0) as open_interest_long_units,
       coalesce(t.open_interest_units, 0) as open_interest_short_units,
       t.last_units, t.last_at_millis,
       coalesce(t.trades, 0) as trades,
       coalesce(t.volume_units, 0) as volume_units,
       coalesce(t.volume_usd_micros, 0) as volume_usd_micros
from market m left join market_total t using (market_id);
comment on view market_summary is
    'Each market with what was traded in it since it began. Traders, leverage and profit are other services'' to tell.';

grant select on market_day, market_summary to market_data_api;
grant select, insert, update, delete on market_day to market_data_shard;
