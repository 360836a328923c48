-- Withdrawals, the addresses they go to, and the comparison of the ledger with risk's copies.

-- Address book -----------------------------------------------------------------------------------

create table withdrawal_address (
    address_id bigint generated always as identity primary key,
    user_id bigint not null references app_user,
    label text not null,
    address text not null,
    added_at timestamptz not null,
    usable_at timestamptz not null,
    constraint withdrawal_address_is_lower_case_hex check (address ~ '^0x[0-9a-f]{40}$'),
    constraint withdrawal_address_is_known_once_per_user unique (user_id, address),
    constraint withdrawal_address_is_not_usable_before_it_is_added check (usable_at >= added_at)
);

comment on column withdrawal_address.usable_at is
    'added and removed, never changed: whoever gets hold of an account has to wait as anybody does';

-- Withdrawals ------------------------------------------------------------------------------------

-- Apart from the ids of users and subaccounts: one taken for the other finds nothing.
create sequence withdrawal_id_sequence as bigint
    minvalue 1 maxvalue 9007199254740991 start with 2000000000001;

create table withdrawal (
    withdrawal_id bigint primary key,
    user_id bigint not null references app_user,
    subaccount_id bigint not null references subaccount,
    asset text not null,
    amount_micros bigint not null,
    address text not null,
    client_withdrawal_id text not null,
    state text not null,
    refusal text,
    withdrawable_micros bigint,
    settlement_sequence bigint,
    custody_reference text,
    return_reason text,
    attempts integer not null default 0,
    next_attempt_at timestamptz,
    requested_at timestamptz not null,
    decided_at timestamptz,
    sent_at timestamptz,
    finished_at timestamptz,
    constraint withdrawal_id_of_the_client_is_used_once unique (user_id, client_withdrawal_id),
    constraint withdrawal_amount_is_positive check (amount_micros > 0),
    constraint withdrawal_state_is_known check (
        state in ('REQUESTED', 'RESERVED', 'REFUSED', 'SENT', 'CONFIRMED', 'RETURNED')),
    constraint withdrawal_refused_says_why check ((state = 'REFUSED') = (refusal is not null)),
    constraint withdrawal_returned_says_why check (
        (state = 'RETURNED') = (return_reason is not null)),
    constraint withdrawal_reserved_names_its_settlement check (
        (state in ('REQUESTED', 'REFUSED')) = (settlement_sequence is null)),
    constraint withdrawal_finished_has_no_next_attempt check (
        (state in ('RESERVED', 'SENT')) = (next_attempt_at is not null))
) with (fillfactor = 70);
create index withdrawal_of_user on withdrawal (user_id, withdrawal_id desc);
create index withdrawal_to_be_sent on withdrawal (next_attempt_at)
    where next_attempt_at is not null;
create index withdrawal_counted on withdrawal (requested_at)
    where state not in ('REFUSED', 'RETURNED');

comment on column withdrawal.next_attempt_at is
    'When the custodian is called for it (again): to send it, or, when it is sent, to ask what'
    ' became of it. Whoever calls moves it ahead first, so that one process at a time does.';

create function withdrawal_moves_only_on() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if (new.withdrawal_id, new.user_id, new.subaccount_id, new.asset, new.amount_micros,
            new.address, new.client_withdrawal_id, new.requested_at)
        is distinct from (old.withdrawal_id, old.user_id, old.subaccount_id, old.asset,
            old.amount_micros, old.address, old.client_withdrawal_id, old.requested_at) then
        raise integrity_constraint_violation
            using message = 'what a withdrawal is of never changes';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
            ('REQUESTED', 'RESERVED'), ('REQUESTED', 'REFUSED'),
            ('RESERVED', 'SENT'), ('RESERVED', 'CONFIRMED'), ('RESERVED', 'RETURNED'),
            ('SENT', 'CONFIRMED'), ('SENT', 'RETURNED')) then
        raise integrity_constraint_violation
            using message = 'a withdrawal goes from ' || old.state || ' never to ' || new.state;
    end if;
    return new;
end $$;

create trigger withdrawal_moves_only_on before update on withdrawal
    for each row execute function withdrawal_moves_only_on();

-- Whoever holds this row counts what the whole platform has withdrawn, and adds to it.
create table withdrawal_gate (
    gate smallint primary key,
    constraint withdrawal_gate_is_one check (gate = 1)
);
insert into withdrawal_gate values (1);

-- Ledger -----------------------------------------------------------------------------------------

alter table ledger_transaction
    add column withdrawal_id bigint,
    drop constraint ledger_transaction_kind_is_known,
    add constraint ledger_transaction_kind_is_known check (
        kind in ('DEPOSIT', 'TRADES_SETTLED', 'TRANSFER',
            'WITHDRAWAL', 'WITHDRAWAL_CONFIRMED', 'WITHDRAWAL_RETURNED')),
    add constraint ledger_transaction_of_a_withdrawal_names_it check (
        (kind in ('WITHDRAWAL', 'WITHDRAWAL_CONFIRMED', 'WITHDRAWAL_RETURNED'))
        = (withdrawal_id is not null));
create unique index ledger_transaction_takes_a_withdrawal_once
    on ledger_transaction (withdrawal_id) where kind = 'WITHDRAWAL';
create unique index ledger_transaction_ends_a_withdrawal_once
    on ledger_transaction (withdrawal_id)
    where kind in ('WITHDRAWAL_CONFIRMED', 'WITHDRAWAL_RETURNED');

-- Trades are nearly all there is in an account; what else there is is found by its kind.
create index ledger_transaction_but_trades
    on ledger_transaction (subaccount_id, asset, kind, number desc)
    where kind <> 'TRADES_SETTLED';

comment on column ledger_transaction.source_sequence is
    'which of the subaccount''s credits (deposits, returned withdrawals) or settlements it was; of'
    ' a confirmed withdrawal, the settlement that reserved it';

-- Comparison with risk ---------------------------------------------------------------------------

create table reconciliation_run (
    run_id bigint generated always as identity primary key,
    kind text not null,
    night date unique,
    started_at timestamptz not null,
    asked_after bigint not null default 0,
    asked bigint not null default 0,
    asked_at timestamptz,
    compared bigint not null default 0,
    differing bigint not null default 0,
    compared_at timestamptz,
    constraint reconciliation_run_kind_is_known check (kind in ('NIGHTLY', 'ON_DEMAND')),
    constraint reconciliation_run_of_a_night_names_it check ((kind = 'NIGHTLY') = (night is not null)),
    constraint reconciliation_run_compares_what_was_asked check (
        compared <= asked and differing <= compared)
);

comment on table reconciliation_run is
    'Asks risk for its copy of every account, a page at a time (asked_after is the last'
    ' subaccount), and counts what the answers showed. Done when all are asked and compared.';

create table reconciliation_agreement (
    subaccount_id bigint primary key,
    run_id bigint not null,
    settlement_sequence bigint not null,
    credit_sequence bigint not null
) with (fillfactor = 70);

comment on table reconciliation_agreement is
    'Up to where ledger and risk last agreed on an account: a difference is younger.';

create table reconciliation_difference (
    run_id bigint not null references reconciliation_run,
    subaccount_id bigint not null,
    settlement_sequence bigint not null,
    credit_sequence bigint not null,
    ledger_micros bigint not null,
    risk_micros bigint not null,
    first_transaction bigint,
    first_sequence bigint not null,
    found_at timestamptz not null,
    primary key (run_id, subaccount_id)
);

comment on column reconciliation_difference.first_transaction is
    'the first transaction of the account after which the ledger contradicts itself; null when it'
    ' does not, so that risk''s copy is the wrong one';
comment on column reconciliation_difference.first_sequence is
    'the first settlement at which they can differ: that of the first transaction, or else the'
    ' one after the last agreement';

-- Row-level security and rights ------------------------------------------------------------------

do $$
declare
    name text;
begin
    foreach name in array array['withdrawal_address', 'withdrawal'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy owner_sees_all on %I to accounts_owner using (true) with check (true)',
            name);
        execute format(
            'create policy shard_sees_all on %I to accounts_shard using (true) with check (true)',
            name);
        execute format(
            'create policy users_see_their_own on %I to accounts_api'
            ' using (user_id = current_user_id()) with check (user_id = current_user_id())',
            name);
        execute format(
            'create policy admins_see_all on %I for select to accounts_admin'
            ' using (current_admin_id() is not null)',
            name);
        execute format('grant select on %I to accounts_admin', name);
    end loop;
end $$;

grant usage on sequence withdrawal_id_sequence to accounts_api;
grant select, insert, delete on withdrawal_address to accounts_api;
grant select, insert on withdrawal to accounts_api;
grant update (state, custody_reference, return_reason, next_attempt_at, finished_at)
    on withdrawal to accounts_api;
grant select, update on withdrawal_gate to accounts_api;
grant select on reconciliation_run to accounts_api, accounts_admin;
grant select on reconciliation_difference to accounts_admin;

revoke insert, update, delete on withdrawal_address from accounts_shard;
revoke insert, delete on withdrawal, withdrawal_gate from accounts_shard;
revoke update, delete on reconciliation_difference from accounts_shard;
revoke delete on reconciliation_run from accounts_shard;

-- What a request may learn beyond its user's rows ------------------------------------------------

create function withdrawal_holder(id bigint) returns bigint
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select w.user_id from withdrawal w where w.withdrawal_id = id;
end;

comment on function withdrawal_holder(bigint) is
    'Whose a withdrawal is: a custodian''s notice names nothing else.';

create function withdrawals_counted(
    of_platform boolean, since timestamptz, amount_micros bigint, limit_micros bigint)
    returns table (total_micros numeric, freed_at timestamptz)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    with counted as (
        select w.requested_at,
               sum(w.amount_micros) over (order by w.requested_at, w.withdrawal_id) as so_far
        from withdrawal w
        where w.requested_at > since and w.state not in ('REFUSED', 'RETURNED')
          and (of_platform or w.user_id = current_user_id())
    ), total as (
        select coalesce(max(c.so_far), 0) as micros from counted c
    )
    select t.micros,
           (select min(c.requested_at) from counted c
            where c.so_far >= t.micros + withdrawals_counted.amount_micros - limit_micros)
    from total t;
end;

comment on function withdrawals_counted(boolean, timestamptz, bigint, bigint) is
    'What the user, or the platform, has withdrawn since then, and which withdrawal has to leave'
    ' the count before an amount fits below a limit.';

revoke all on function
    withdrawal_holder(bigint), withdrawals_counted(boolean, timestamptz, bigint, bigint),
    withdrawal_moves_only_on() from public;
grant execute on function
    withdrawal_holder(bigint), withdrawals_counted(boolean, timestamptz, bigint, bigint)
    to accounts_api, accounts_shard;
