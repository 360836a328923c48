-- Of assets other than USDC there is no copy to compare with. A run holds each of their accounts
-- against its own transactions instead.

create index customer_account_of_other_assets on customer_account (subaccount_id, asset)
    where asset <> 'USDC';

alter table reconciliation_run
    add column checked bigint not null default 0,
    add column contradicting bigint not null default 0,
    add column checked_at timestamptz,
    add constraint reconciliation_run_finds_fault_with_what_it_checks check (
        contradicting <= checked);

-- What was asked through before knew of no such check.
update reconciliation_run set checked_at = asked_at where asked_at is not null;

comment on table reconciliation_run is
    'Asks risk for its copy of every account in USDC, a page at a time (asked_after is the last'
    ' subaccount), counts what the answers showed, and adds up every account of other assets. Done'
    ' when all are asked and compared, and all are checked.';

create table reconciliation_check (
    run_id bigint primary key references reconciliation_run,
    subaccount_id bigint not null,
    asset text not null,
    number bigint not null,
    sum_micros numeric not null,
    broken bigint
) with (fillfactor = 70);
comment on table reconciliation_check is
    'How far a run has come with adding up: in an account, up to a transaction; the largest number'
    ' there is when the account is done. sum_micros is their sum, broken the first of them that is'
    ' missing or not what it must be.';

alter table reconciliation_check enable row level security;
alter table reconciliation_check force row level security;
create policy owner_sees_all on reconciliation_check
    to accounts_owner using (true) with check (true);
create policy shard_sees_all on reconciliation_check
    to accounts_shard using (true) with check (true);
revoke delete on reconciliation_check from accounts_shard;

alter table reconciliation_difference
    add column difference_id bigint generated always as identity,
    add column asset text not null default 'USDC',
    add column postings_micros bigint,
    alter column risk_micros drop not null,
    alter column first_sequence drop not null,
    drop constraint reconciliation_difference_pkey,
    add primary key (run_id, subaccount_id, asset),
    add constraint reconciliation_difference_is_to_risk_or_to_the_postings check (
        (asset = 'USDC') = (risk_micros is not null)
        and (asset = 'USDC') = (first_sequence is not null)
        and (asset = 'USDC') = (postings_micros is null));
create unique index reconciliation_difference_by_id
    on reconciliation_difference (run_id, difference_id);

comment on column reconciliation_difference.postings_micros is
    'of other assets than USDC, the sum of the account''s transactions; its balance is ledger_micros';
comment on column reconciliation_difference.first_transaction is
    'the first transaction since the last agreement after which the ledger contradicts itself; null'
    ' when none does among those that were looked at. Of other assets than USDC, the first of all'
    ' that is missing, or whose balance is not the sum up to it.';
