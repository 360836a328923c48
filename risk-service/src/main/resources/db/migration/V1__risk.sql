-- Accounts, positions, holds and settlements, as the user shards write them.
--
-- Amounts are integers whose unit ends the column's name: e8 is 1e-8, micros 1e-6, nanos 1e-9.
-- Times are milliseconds since 1970. shard_id is user_id modulo 16. Rows are written by risk_shard
-- alone, in the transaction that moves its shard's offsets.

-- A subaccount's collateral, and its two counts without gaps: credits taken from the ledger,
-- settlements sent to it. Negative collateral is a loss not yet covered by a liquidation.
create table accounts (
    subaccount_id bigint primary key,
    user_id bigint not null,
    shard_id smallint not null,
    collateral_micros bigint not null,
    credit_sequence bigint not null,
    settlement_sequence bigint not null,
    constraint account_counts_are_not_negative
        check (credit_sequence >= 0 and settlement_sequence >= 0)
) with (fillfactor = 70);
create index accounts_of_user on accounts (user_id, subaccount_id);
create index accounts_of_shard on accounts (shard_id);

-- Positions from the trade that opens to the one that closes or turns them. Size and cost are as
-- matching gave them.
create table positions (
    subaccount_id bigint not null,
    market_id integer not null,
    opened_by_trade_id bigint not null,
    user_id bigint not null,
    shard_id smallint not null,
    size_e8 bigint not null,
    cost_micros bigint not null,
    -- For display: cost / size; of a closed position, what it was before.
    entry_e8 bigint not null,
    is_long boolean not null,
    largest_size_e8 bigint not null,
    realised_micros bigint not null,
    fees_micros bigint not null,
    opened_at_millis bigint not null,
    closed_at_millis bigint,
    primary key (subaccount_id, market_id, opened_by_trade_id),
    constraint only_an_open_position_has_a_size check ((size_e8 <> 0) = (closed_at_millis is null)),
    constraint position_has_the_sign_of_its_side check (size_e8 = 0 or (size_e8 > 0) = is_long)
) with (fillfactor = 70);
create unique index position_open_is_the_only_one on positions (subaccount_id, market_id)
    where closed_at_millis is null;
create index positions_of_user on positions (user_id, opened_at_millis, opened_by_trade_id);
create index positions_of_shard on positions (shard_id) where closed_at_millis is null;

-- Leverages that were chosen; the rest have the default.
create table leverages (
    subaccount_id bigint not null,
    market_id integer not null,
    user_id bigint not null,
    shard_id smallint not null,
    leverage integer not null,
    primary key (subaccount_id, market_id),
    constraint leverage_is_positive check (leverage > 0)
);
create index leverages_of_shard on leverages (shard_id);

-- What is held for orders, from their admission to the event that ends them.
create table open_orders (
    order_id bigint primary key,
    subaccount_id bigint not null,
    market_id integer not null,
    user_id bigint not null,
    shard_id smallint not null,
    is_buy boolean not null,
    -- The worst price it may trade at.
    limit_e8 bigint not null,
    size_e8 bigint not null,
    filled_e8 bigint not null,
    remaining_e8 bigint not null,
    reduce_only boolean not null,
    post_only boolean not null,
    worst_fee_nanos bigint not null,
    constraint held_size_is_not_negative check (remaining_e8 >= 0 and filled_e8 >= 0)
) with (fillfactor = 70);
create index open_orders_of_subaccount on open_orders (subaccount_id);
create index open_orders_of_shard on open_orders (shard_id);

-- Amendments that matching has not answered: what is held covers them too.
create table open_amendments (
    order_id bigint not null,
    command_id bigint not null,
    -- Their order, which is that of their admission.
    place integer not null,
    user_id bigint not null,
    shard_id smallint not null,
    limit_e8 bigint not null,
    size_e8 bigint not null,
    primary key (order_id, command_id)
);
create index open_amendments_of_shard on open_amendments (shard_id);

-- Placements under client order ids, for ever: the same content is a repeat, other content is
-- refused. content_hash is over what the client asked for.
create table requests (
    subaccount_id bigint not null,
    client_order_id text not null,
    user_id bigint not null,
    content_hash bigint not null,
    order_id bigint not null,
    primary key (subaccount_id, client_order_id)
);

-- What was sent to the ledger, by the subaccount's count.
create table settlements (
    subaccount_id bigint not null,
    sequence bigint not null,
    user_id bigint not null,
    market_id integer not null,
    first_trade_id bigint not null,
    last_trade_id bigint not null,
    fills integer not null,
    notional_micros bigint not null,
    realised_micros bigint not null,
    fee_micros bigint not null,
    at_millis bigint not null,
    primary key (subaccount_id, sequence),
    constraint settlement_counts_from_one check (sequence > 0)
);

-- Markets, in the version each shard has reached in the stream of order events.
create table market_definitions (
    shard_id smallint not null,
    market_id integer not null,
    version bigint not null,
    definition jsonb not null,
    primary key (shard_id, market_id)
);

-- What each shard's users have traded in a market; a trade counts once for each side.
create table market_totals (
    shard_id smallint not null,
    market_id integer not null,
    fills bigint not null,
    volume_e8 numeric not null,
    realised_micros bigint not null,
    fees_micros bigint not null,
    primary key (shard_id, market_id)
) with (fillfactor = 50);

-- Row-level security: the owner and the shard see every row, the api its user's.

do $$
declare
    user_table text;
begin
    foreach user_table in array array[
        'accounts', 'positions', 'leverages', 'open_orders', 'open_amendments', 'requests',
        'settlements']
    loop
        execute format('alter table %I enable row level security', user_table);
        execute format('alter table %I force row level security', user_table);
        execute format(
            'create policy owner_sees_all on %I to risk_owner using (true) with check (true)',
            user_table);
        execute format(
            'create policy shard_sees_all on %I to risk_shard using (true) with check (true)',
            user_table);
        execute format(
            'create policy api_sees_its_user on %I for select to risk_api using'
            ' (user_id = nullif(current_setting(''perpetua.user_id'', true), '''')::bigint)',
            user_table);
        execute format('grant select on %I to risk_api', user_table);
    end loop;
end
$$;

-- No user rows: definitions are public.
grant select on market_definitions to risk_api;

-- Sums over all users, for the checks that hold across services; no user's figures can be told from
-- them. Read with the owner's rights, in one snapshot.
create function totals_by_market()
returns table (
    market_id integer,
    long_e8 bigint,
    short_e8 bigint,
    cost_micros bigint,
    fills bigint,
    volume_e8 numeric,
    realised_micros bigint,
    fees_micros bigint
)
language sql stable security definer set search_path = risk, pg_temp
as $$
    with held as (
        select p.market_id,
               coalesce(sum(p.size_e8) filter (where p.size_e8 > 0), 0) as long_e8,
               coalesce(-sum(p.size_e8) filter (where p.size_e8 < 0), 0) as short_e8,
               sum(p.cost_micros) as cost_micros
        from positions p
        where p.closed_at_millis is null
        group by p.market_id
    ), traded as (
        select t.market_id,
               sum(t.fills) as fills,
               sum(t.volume_e8) as volume_e8,
               sum(t.realised_micros) as realised_micros,
               sum(t.fees_micros) as fees_micros
        from market_totals t
        group by t.market_id
    )
    select m.market_id,
           coalesce(h.long_e8, 0)::bigint,
           coalesce(h.short_e8, 0)::bigint,
           coalesce(h.cost_micros, 0)::bigint,
           coalesce(t.fills, 0)::bigint,
           coalesce(t.volume_e8, 0),
           coalesce(t.realised_micros, 0)::bigint,
           coalesce(t.fees_micros, 0)::bigint
    from (select distinct d.market_id from market_definitions d) m
    left join held h using (market_id)
    left join traded t using (market_id)
    order by m.market_id
$$;

create function totals_of_accounts()
returns table (accounts bigint, collateral_micros numeric, settlements numeric, credits numeric)
language sql stable security definer set search_path = risk, pg_temp
as $$
    select count(*), coalesce(sum(a.collateral_micros), 0),
           coalesce(sum(a.settlement_sequence), 0), coalesce(sum(a.credit_sequence), 0)
    from accounts a
$$;

revoke all on function totals_by_market(), totals_of_accounts() from public;
grant execute on function totals_by_market(), totals_of_accounts() to risk_api;
