-- What risk-service says is held in each market; and the arithmetic of funding, in SQL.

create table market_valuation (
    market_id              integer primary key,
    long_units             bigint  not null,
    short_units            bigint  not null,
    long_usd_micros        bigint,
    short_usd_micros       bigint,
    active_traders         bigint  not null,
    average_leverage_nanos bigint,
    unrealised_usd_micros  bigint,
    mark_units             bigint,
    at_millis              bigint  not null,
    constraint market_valuation_sizes_are_not_negative check (long_units >= 0 and short_units >= 0),
    constraint market_valuation_counts_traders check (active_traders >= 0),
    constraint market_valuation_in_usd_has_a_mark check (
        num_nulls(long_usd_micros, short_usd_micros, unrealised_usd_micros, mark_units) in (0, 4))
) with (fillfactor = 50);
comment on table market_valuation is
    'The newest of risk.market-valuations.v1 of each market: sums over all positions, of no user''s alone.';

create type market_valuation_row as (
    market_id              integer,
    long_units             bigint,
    short_units            bigint,
    long_usd_micros        bigint,
    short_usd_micros       bigint,
    active_traders         bigint,
    average_leverage_nanos bigint,
    unrealised_usd_micros  bigint,
    mark_units             bigint,
    at_millis              bigint
);

grant select on market_valuation to market_data_api;
grant select, insert, update on market_valuation to market_data_shard;

create or replace view market_summary with (security_invoker = true) as
select m.market_id, m.symbol,
       coalesce(t.open_interest_units, 0) as open_interest_long_units,
       coalesce(t.open_interest_units, 0) as open_interest_short_units,
       t.last_units, t.last_at_millis,
       coalesce(t.trades, 0) as trades,
       coalesce(t.volume_units, 0) as volume_units,
       coalesce(t.volume_usd_micros, 0) as volume_usd_micros,
       f.kind as funding_kind, f.rate_nanos as funding_rate_nanos,
       f.interval_end_millis as funding_interval_end_millis,
       v.long_usd_micros as open_interest_long_usd_micros,
       v.short_usd_micros as open_interest_short_usd_micros,
       v.active_traders, v.average_leverage_nanos, v.unrealised_usd_micros,
       v.at_millis as valued_at_millis
from market m left join market_total t using (market_id)
left join lateral (
    select kind, rate_nanos, interval_end_millis from funding_rate
    where market_id = m.market_id order by sequence desc limit 1) f on true
left join market_valuation v on v.market_id = m.market_id;
comment on view market_summary is
    'Each market with what was traded in it since it began, its newest funding rate, and what is held in it as risk-service last said: traders, leverage and unrealised profit.';

-- FUND, as FundingFormula and Premium have it.
create function divide_half_even(dividend numeric, divisor numeric) returns numeric
language sql immutable strict parallel safe
as $$
    select q + case
        when 2 * abs(dividend - q * divisor) > divisor
            or 2 * abs(dividend - q * divisor) = divisor and q % 2 <> 0
        then sign(dividend) else 0 end
    from div(dividend, divisor) as whole (q)
$$;
comment on function divide_half_even(numeric, numeric) is
    'dividend / divisor, which is positive, to the nearest whole number, of two the even one.';

create function calculate_premium(
    oracle_units bigint, impact_bid_units bigint, impact_ask_units bigint)
returns bigint
language sql immutable parallel safe
as $$
    select divide_half_even(
        (greatest(coalesce(impact_bid_units - oracle_units, 0), 0)
            - greatest(coalesce(oracle_units - impact_ask_units, 0), 0))::numeric * 1000000000000,
        oracle_units)::bigint
$$;
comment on function calculate_premium(bigint, bigint, bigint) is
    'How far a book stands above the index, in units of 1e-12 of it; a side that is null adds 0.';

create function calculate_funding_rate(
    premium_trillionths bigint, interval_millis bigint, cap_nanos bigint)
returns bigint
language sql immutable strict parallel safe
as $$
    select least(greatest(
        divide_half_even(
            (premium_trillionths
                + least(greatest(100000000 - premium_trillionths, -500000000), 500000000))::numeric
                * interval_millis,
            28800000000::numeric),
        -cap_nanos), cap_nanos)::bigint
$$;
comment on function calculate_funding_rate(bigint, bigint, bigint) is
    'The rate in nanos that a position pays for one interval at a mean premium: its part of the eight hours'' P + clamp(0.01 % - P, +-0.05 %), within the cap.';
