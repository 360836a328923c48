-- The averages of the index over five minutes and an hour, weighted by time.
alter table price_state
    add column twap_5m_value_milliunits bigint not null default 0,
    add column twap_5m_den_micros       bigint not null default 0,
    add column twap_5m_sampled_millis   bigint not null default 0,
    add column twap_1h_value_milliunits bigint not null default 0,
    add column twap_1h_den_micros       bigint not null default 0,
    add column twap_1h_sampled_millis   bigint not null default 0;
