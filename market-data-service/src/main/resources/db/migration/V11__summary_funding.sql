-- The summary also has the newest funding rate, null before the first.
create or replace view market_summary with (security_invoker = true) as
select m.market_id, m.symbol,
       coalesce(t.open_interest_units, 0) as open_interest_long_units,
       coalesce(t.open_interest_units, 0) as open_interest_short_units,
       t.last_units, t.last_at_millis,
       coalesce(t.trades, 0) as trades,
       coalesce(t.volume_units, 0) as volume_units,
       coalesce(t.volume_usd_micros, 0) as volume_usd_micros,
       f.kind as funding_kind, f.rate_nanos as funding_rate_nanos,
       f.interval_end_millis as funding_interval_end_millis
from market m left join market_total t using (market_id)
left join lateral (
    select kind, rate_nanos, interval_end_millis from funding_rate
    where market_id = m.market_id order by sequence desc limit 1) f on true;
create index funding_rate_by_interval on funding_rate (market_id, interval_end_millis);
