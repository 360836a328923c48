-- What the user shards hand to their statements: an array of rows each. Unnesting one array of rows takes a fraction of
-- what unnesting an array a column takes. Types of their own, so that a column more in a table doesn't change what is sent.
create type account_row as (
    subaccount_id bigint,
    user_id bigint,
    shard_id smallint,
    collateral_micros bigint,
    credit_sequence bigint,
    settlement_sequence bigint
);
create type position_row as (
    subaccount_id bigint,
    market_id integer,
    opened_by_trade_id bigint,
    user_id bigint,
    shard_id smallint,
    size_e8 bigint,
    cost_micros bigint,
    entry_e8 bigint,
    is_long boolean,
    largest_size_e8 bigint,
    realised_micros bigint,
    fees_micros bigint,
    opened_at_millis bigint,
    closed_at_millis bigint
);
create type leverage_row as (
    subaccount_id bigint,
    market_id integer,
    user_id bigint,
    shard_id smallint,
    leverage integer
);
create type amendment_row as (
    order_id bigint,
    command_id bigint,
    place integer,
    user_id bigint,
    shard_id smallint,
    limit_e8 bigint,
    size_e8 bigint
);
create type request_row as (
    subaccount_id bigint,
    client_order_id text,
    user_id bigint,
    content_hash bigint,
    order_id bigint
);
create type settlement_row as (
    subaccount_id bigint,
    sequence bigint,
    user_id bigint,
    market_id integer,
    first_trade_id bigint,
    last_trade_id bigint,
    fills integer,
    notional_micros bigint,
    realised_micros bigint,
    fee_micros bigint,
    at_millis bigint
);
create type market_definition_row as (
    shard_id smallint,
    market_id integer,
    version bigint,
    definition text
);
create type market_total_row as (
    shard_id smallint,
    market_id integer,
    fills bigint,
    volume_e8 text,
    realised_micros bigint,
    fees_micros bigint
);
create type open_order_row as (
    order_id bigint,
    subaccount_id bigint,
    market_id integer,
    user_id bigint,
    shard_id smallint,
    is_buy boolean,
    limit_e8 bigint,
    size_e8 bigint,
    filled_e8 bigint,
    remaining_e8 bigint,
    reduce_only boolean,
    post_only boolean,
    worst_fee_nanos bigint
);
