-- Orders, their fills, public trades, positions and markets, as the market shards write them.
--
-- Identifiers carry their time: a larger order_id is a younger order. Amounts are integers whose
-- unit ends the column's name: e8 is 1e-8, micros 1e-6, nanos 1e-9. Times are milliseconds since
-- 1970. Rows are written by orders_shard alone, in the transaction that moves its shard's offset.

create table orders (
    order_id bigint primary key,
    user_id bigint not null,
    subaccount_id bigint not null,
    market_id integer not null,
    client_order_id text,
    side text not null,
    order_type text not null,
    time_in_force text not null,
    self_trade text not null,
    -- The client's wish; admission may have forced it.
    reduce_only boolean not null,
    admitted_reduce_only boolean not null,
    -- Null for market orders.
    price_e8 bigint,
    -- The worst price it may trade at; null when it was refused at admission.
    limit_price_e8 bigint,
    size_e8 bigint not null,
    filled_e8 bigint not null,
    -- What rests on the book; 0 once closed. Size less filled and remaining was cancelled.
    remaining_e8 bigint not null,
    quote_micros bigint not null,
    taker_fee_nanos bigint not null,
    maker_fee_nanos bigint not null,
    self_trade_group bigint not null,
    version integer not null,
    -- Its place among the orders of its price: lower trades first.
    priority bigint not null,
    is_open boolean not null,
    status text not null,
    -- The refusal of a rejected order, the close reason of a cancelled one.
    reason text,
    updated_at_millis bigint not null,
    -- The first answer its placement got; a repeated placement gets it again.
    first_status text not null,
    first_filled_e8 bigint not null,
    first_quote_micros bigint not null,
    first_reason text,
    first_at_millis bigint not null,
    constraint order_size_is_positive check (size_e8 > 0),
    constraint order_fills_within_its_size check (filled_e8 + remaining_e8 <= size_e8),
    constraint closed_order_has_nothing_remaining check (is_open or remaining_e8 = 0)
);
create index orders_of_user on orders (user_id, order_id);
create index orders_open on orders (user_id, order_id) where is_open;
create index orders_of_client_order_id on orders (subaccount_id, client_order_id)
    where client_order_id is not null;

-- Placements that made no order: repeats, which name the order they repeat, and client order ids
-- that were used for another order, which carry the refusal.
create table placements_without_order (
    command_id bigint primary key,
    user_id bigint not null,
    original_order_id bigint,
    refusal text,
    at_millis bigint not null,
    constraint placement_is_repeated_or_refused
        check ((original_order_id is null) <> (refusal is null))
);

-- One row a side of each trade: the account's own view of it. Trade ids carry their time.
create table fills (
    user_id bigint not null,
    trade_id bigint not null,
    order_id bigint not null,
    subaccount_id bigint not null,
    market_id integer not null,
    side text not null,
    liquidity text not null,
    price_e8 bigint not null,
    size_e8 bigint not null,
    notional_micros bigint not null,
    fee_micros bigint not null,
    realised_micros bigint not null,
    position_size_e8 bigint not null,
    position_cost_micros bigint not null,
    at_millis bigint not null,
    primary key (user_id, trade_id, order_id),
    constraint fill_size_is_positive check (size_e8 > 0)
);

-- Trades as the public sees them.
create table trades (
    market_id integer not null,
    trade_id bigint not null,
    taker_side text not null,
    price_e8 bigint not null,
    size_e8 bigint not null,
    notional_micros bigint not null,
    at_millis bigint not null,
    primary key (market_id, trade_id),
    constraint trade_size_is_positive check (size_e8 > 0)
);

-- Size and cost that an account holds in a market.
create table positions (
    market_id integer not null,
    subaccount_id bigint not null,
    user_id bigint not null,
    size_e8 bigint not null,
    cost_micros bigint not null,
    primary key (market_id, subaccount_id)
) with (fillfactor = 70);

-- What a market's thread knows beside orders and positions: its definition and its counters.
create table market_states (
    market_id integer primary key,
    -- Null before the first version has entered the market's stream.
    definition jsonb,
    -- Rises with every change of the book.
    book_sequence bigint not null,
    last_priority bigint not null,
    last_trade_id bigint not null,
    last_price_e8 bigint,
    trades bigint not null,
    volume_e8 numeric not null,
    volume_micros numeric not null,
    realised_micros bigint not null
) with (fillfactor = 50);

-- Row-level security: the owner and the shard see every row, the api its user's.

alter table orders enable row level security;
alter table orders force row level security;
create policy owner_sees_all on orders to orders_owner using (true) with check (true);
create policy shard_sees_all on orders to orders_shard using (true) with check (true);
create policy api_sees_its_user on orders for select to orders_api
    using (user_id = nullif(current_setting('perpetua.user_id', true), '')::bigint);

alter table placements_without_order enable row level security;
alter table placements_without_order force row level security;
create policy owner_sees_all on placements_without_order to orders_owner
    using (true) with check (true);
create policy shard_sees_all on placements_without_order to orders_shard
    using (true) with check (true);
create policy api_sees_its_user on placements_without_order for select to orders_api
    using (user_id = nullif(current_setting('perpetua.user_id', true), '')::bigint);

alter table fills enable row level security;
alter table fills force row level security;
create policy owner_sees_all on fills to orders_owner using (true) with check (true);
create policy shard_sees_all on fills to orders_shard using (true) with check (true);
create policy api_sees_its_user on fills for select to orders_api
    using (user_id = nullif(current_setting('perpetua.user_id', true), '')::bigint);

alter table positions enable row level security;
alter table positions force row level security;
create policy owner_sees_all on positions to orders_owner using (true) with check (true);
create policy shard_sees_all on positions to orders_shard using (true) with check (true);
create policy api_sees_its_user on positions for select to orders_api
    using (user_id = nullif(current_setting('perpetua.user_id', true), '')::bigint);

-- The sums over all accounts of a market's positions, beside the market's own counters. It runs as
-- the owner, so that the api can publish the sums without seeing a position.
create function open_interest()
    returns table (
        market_id integer,
        long_e8 numeric,
        short_e8 numeric,
        cost_micros numeric,
        realised_micros bigint,
        trades bigint,
        volume_e8 numeric,
        volume_micros numeric)
    language sql stable security definer set search_path from current
as $$
    select m.market_id,
           coalesce(p.long_e8, 0), coalesce(p.short_e8, 0), coalesce(p.cost_micros, 0),
           m.realised_micros, m.trades, m.volume_e8, m.volume_micros
    from market_states m
    left join (
        select market_id,
               sum(size_e8) filter (where size_e8 > 0) as long_e8,
               -sum(size_e8) filter (where size_e8 < 0) as short_e8,
               sum(cost_micros) as cost_micros
        from positions
        group by market_id) p on p.market_id = m.market_id
    order by m.market_id
$$;
revoke all on function open_interest() from public;

grant usage on schema ${flyway:defaultSchema} to orders_shard, orders_api;
grant select, insert, update on orders, positions, market_states to orders_shard;
grant select, insert on fills, trades, placements_without_order to orders_shard;
grant select on orders, placements_without_order, fills, trades, positions to orders_api;
grant execute on function open_interest() to orders_api;
