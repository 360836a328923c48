-- Changes of markets that one administrator asks for and another one approves.
create table market_approval (
    approval_id       bigint  generated always as identity primary key,
    market_id         integer not null references market,
    symbol            text    not null,
    wanted            text    not null,
    exceeded_fields   text[]  not null,
    exceeded_details  text[]  not null,
    reason            text    not null,
    state             text    not null,
    requested_by      bigint  not null,
    requested_millis  bigint  not null,
    expires_millis    bigint  not null,
    decided_by        bigint,
    decided_millis    bigint,
    decision_reason   text,
    outcome           bigint,
    constraint market_approval_state_is_known check (
        state in ('OPEN', 'APPROVED', 'REJECTED', 'EXPIRED')),
    constraint market_approval_texts_are_bounded check (
        octet_length(wanted) <= 16384 and length(reason) <= 500 and length(decision_reason) <= 500),
    constraint market_approval_says_which_bounds_it_exceeds check (
        cardinality(exceeded_fields) between 1 and 100
        and cardinality(exceeded_details) = cardinality(exceeded_fields)),
    constraint market_approval_takes_two_administrators check (decided_by <> requested_by),
    constraint market_approval_is_decided_in_time check (decided_millis < expires_millis),
    constraint market_approval_decided_says_by_whom_when_and_why check (
        num_nulls(decided_by, decided_millis, decision_reason)
            = case when state in ('APPROVED', 'REJECTED') then 0 else 3 end),
    constraint market_approval_approved_says_what_came_of_it check (
        (state = 'APPROVED') = (outcome is not null))
);
create index market_approval_open on market_approval (expires_millis) where state = 'OPEN';
create index market_approval_of_a_market on market_approval (market_id, approval_id);
comment on table market_approval is
    'OPEN until another administrator decides or its time is over; what is wanted never changes.';
comment on column market_approval.outcome is 'The version, or the number of the funding rate.';

create function market_approval_moves_only_on() returns trigger
    language plpgsql
    set search_path = market_data, pg_temp
as $$
begin
    if (new.approval_id, new.market_id, new.symbol, new.wanted, new.exceeded_fields,
            new.exceeded_details, new.reason, new.requested_by, new.requested_millis, new.expires_millis)
        is distinct from (old.approval_id, old.market_id, old.symbol, old.wanted, old.exceeded_fields,
            old.exceeded_details, old.reason, old.requested_by, old.requested_millis, old.expires_millis) then
        raise integrity_constraint_violation
            using message = 'what is to be approved never changes';
    end if;
    if old.state <> 'OPEN' or new.state = 'OPEN' then
        raise integrity_constraint_violation
            using message = 'an approval goes from ' || old.state || ' never to ' || new.state;
    end if;
    return new;
end $$;
revoke all on function market_approval_moves_only_on() from public;

create trigger market_approval_moves_only_on before update on market_approval
    for each row execute function market_approval_moves_only_on();

grant select on market_approval to market_data_api;
revoke all on market_approval from market_data_shard;
grant select, insert, update (state, decided_by, decided_millis, decision_reason, outcome)
    on market_approval to market_data_shard;

-- What came of them, once each.
alter table market_version add column approval_id bigint unique references market_approval;
alter table funding_override add column approval_id bigint unique references market_approval;
comment on column market_version.changed_by is
    'The id of the administrator who decided it, or installation; of two who approved it.';
comment on column funding_override.changed_by is
    'The id of the administrator who decided it; of two who approved it.';
