-- The books of the simulated custodian: what a custodian would keep in a place of its own. It is
-- here so that it survives what kills its process, as a real one's does.
create table simulated_custody_transfer (
    key bigint primary key,
    asset text not null,
    amount_micros bigint not null,
    address text not null,
    outcome text not null,
    concludes_at timestamptz not null,
    notices_left integer not null,
    next_notice_at timestamptz not null,
    constraint simulated_custody_outcome_is_known check (
        outcome in ('DECLINED', 'CONFIRMED', 'FAILED'))
) with (fillfactor = 70);
create index simulated_custody_notices on simulated_custody_transfer (next_notice_at)
    where notices_left > 0;

comment on column simulated_custody_transfer.key is
    'the sender''s own, which makes sending repeatable';
