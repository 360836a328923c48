-- Nothing here belongs to a user: the catalogue, prices and candles are public. The api role reads only;
-- the shard role (the loop, and the commands that end by numbering what they publish) writes.

create table market (
    market_id  integer primary key,
    symbol     text    not null,
    version    bigint  not null,
    constraint market_symbol_is_unique unique (symbol),
    constraint market_id_is_positive check (market_id > 0)
);
comment on table market is 'The catalogue: which version of each market is in force.';

create table market_version (
    market_id  integer not null references market deferrable initially deferred,
    version    bigint  not null,
    definition jsonb   not null,
    at_millis  bigint  not null,
    primary key (market_id, version),
    constraint market_version_is_positive check (version > 0)
);
comment on table market_version is 'Every version a market has had; the definition as in the contract Market.';

create table price_state (
    market_id              integer primary key,
    sequence               bigint  not null,
    oracle_units           bigint  not null,
    walk_step              bigint  not null,
    bar_passed_micros      bigint  not null,
    basis_value_milliunits bigint  not null,
    basis_den_micros       bigint  not null,
    basis_sampled_millis   bigint  not null,
    book_value_milliunits  bigint  not null,
    book_den_micros        bigint  not null,
    book_sampled_millis    bigint  not null,
    constraint price_state_oracle_is_positive check (oracle_units > 0),
    constraint price_state_sequence_is_not_negative check (sequence >= 0)
);
comment on table price_state is
    'Where the prices of each market stand; written before each price is published, so a sequence is never issued twice.';

create table replay (
    market_id       integer primary key references market,
    generation      bigint  not null,
    bars_per_second_micros bigint not null,
    constraint replay_speed_is_positive check (bars_per_second_micros > 0)
);
comment on table replay is
    'How recorded bars are played as a market''s index; the generation rises when what was queued is dropped.';

create table replay_bar (
    market_id     integer not null references replay,
    at_millis     bigint  not null,
    open_units    bigint  not null,
    high_units    bigint  not null,
    low_units     bigint  not null,
    close_units   bigint  not null,
    volume_micros bigint  not null,
    primary key (market_id, at_millis),
    constraint replay_bar_low_is_lowest check (low_units > 0 and low_units <= least(open_units, close_units)),
    constraint replay_bar_high_is_highest check (high_units >= greatest(open_units, close_units)),
    constraint replay_bar_volume_is_not_negative check (volume_micros >= 0)
);
comment on table replay_bar is 'Recorded bars still to be played; deleted once they have been.';

create table candle_1m (
    market_id         integer not null,
    open_millis       bigint  not null,
    open_units        bigint  not null,
    high_units        bigint  not null,
    low_units         bigint  not null,
    close_units       bigint  not null,
    volume_units      bigint  not null,
    volume_usd_micros bigint  not null,
    trades            bigint  not null,
    primary key (market_id, open_millis),
    constraint candle_begins_a_minute check (open_millis % 60000 = 0),
    constraint candle_low_is_lowest check (low_units > 0 and low_units <= least(open_units, close_units)),
    constraint candle_high_is_highest check (high_units >= greatest(open_units, close_units)),
    constraint candle_has_traded check (volume_units > 0 and trades > 0)
);
comment on table candle_1m is 'Minutes in which something traded; minutes in which nothing did are made on read.';

create table market_total (
    market_id           integer primary key,
    trades              bigint         not null,
    volume_units        numeric(38, 0) not null,
    volume_usd_micros   numeric(38, 0) not null,
    open_interest_units bigint         not null,
    last_units          bigint         not null,
    last_at_millis      bigint         not null,
    constraint market_total_has_traded check (trades > 0 and volume_units > 0)
);
comment on table market_total is 'What has traded in each market since it began; a sum has no bound, so it is numeric.';

grant select on market, market_version, price_state, replay, replay_bar, candle_1m, market_total
    to market_data_api;
grant select, insert, update, delete
    on market, market_version, price_state, replay, replay_bar, candle_1m, market_total
    to market_data_shard;
