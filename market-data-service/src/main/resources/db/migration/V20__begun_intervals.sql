-- When the running funding interval of each market began: its rate is for as long as it lasts.
alter table price_state add column funding_interval_begin_millis bigint not null default 0;
comment on column price_state.funding_interval_begin_millis is
    '0 when not known: the interval is as long as the market''s are.';
