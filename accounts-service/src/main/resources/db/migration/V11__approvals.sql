-- What one administrator asks for and another one approves, and the first such action: adjusting
-- a balance.

create table approval (
    approval_id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    content text not null,
    reason text not null,
    reference text not null,
    state text not null,
    requested_by bigint not null references admin_user,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    decided_by bigint references admin_user,
    decided_at timestamptz,
    outcome text,
    finished_at timestamptz,
    constraint approval_kind_is_known check (kind in ('ADJUSTMENT')),
    constraint approval_state_is_known check (
        state in ('OPEN', 'REJECTED', 'APPROVED', 'EXECUTED', 'REFUSED')),
    constraint approval_content_is_bounded_json check (
        content is json object and octet_length(content) <= 4096),
    constraint approval_outcome_is_bounded_json check (
        outcome is null or (outcome is json object and octet_length(outcome) <= 4096)),
    constraint approval_texts_are_bounded check (
        length(subject) <= 160 and length(reason) <= 500 and length(reference) <= 128),
    constraint approval_takes_two_administrators check (decided_by <> requested_by),
    constraint approval_is_decided_in_time check (decided_at < expires_at),
    constraint approval_decided_names_who_and_when check (
        (state = 'OPEN') = (decided_by is null) and (state = 'OPEN') = (decided_at is null)),
    constraint approval_finished_says_how_it_ended check (
        (state in ('EXECUTED', 'REFUSED')) = (outcome is not null)
        and (state in ('EXECUTED', 'REFUSED')) = (finished_at is not null))
);
create index approval_open on approval (expires_at) where state = 'OPEN';
create index approval_by_state on approval (state, approval_id);
create index approval_by_reference on approval (kind, reference);
create unique index approval_takes_effect_once_a_reference on approval (kind, reference)
    where state in ('APPROVED', 'EXECUTED');

comment on table approval is
    'OPEN until decided or expired (which is seen by its time); REJECTED; APPROVED while it is on'
    ' its way; EXECUTED, or REFUSED by whoever had to carry it out.';

create function approval_moves_only_on() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if (new.approval_id, new.kind, new.subject, new.content, new.reason, new.reference,
            new.requested_by, new.requested_at, new.expires_at)
        is distinct from (old.approval_id, old.kind, old.subject, old.content, old.reason,
            old.reference, old.requested_by, old.requested_at, old.expires_at) then
        raise integrity_constraint_violation
            using message = 'what is to be approved never changes';
    end if;
    if (old.state, new.state) not in (
            ('OPEN', 'REJECTED'), ('OPEN', 'APPROVED'), ('OPEN', 'EXECUTED'),
            ('APPROVED', 'EXECUTED'), ('APPROVED', 'REFUSED')) then
        raise integrity_constraint_violation
            using message = 'an approval goes from ' || old.state || ' never to ' || new.state;
    end if;
    return new;
end $$;
revoke all on function approval_moves_only_on() from public;

create trigger approval_moves_only_on before update on approval
    for each row execute function approval_moves_only_on();

-- Whoever holds this row counts what is open, and adds to it.
create table approval_gate (
    gate smallint primary key,
    constraint approval_gate_is_one check (gate = 1)
);
insert into approval_gate values (1);

-- Four eyes in the database too: one asks in their own name, another one decides in theirs.
alter table approval enable row level security;
alter table approval force row level security;
create policy owner_sees_all on approval to accounts_owner using (true) with check (true);
create policy shard_sees_all on approval to accounts_shard using (true) with check (true);
create policy admins_see_all on approval for select to accounts_admin
    using (current_admin_id() is not null);
create policy admins_ask on approval for insert to accounts_admin
    with check (requested_by = current_admin_id() and state = 'OPEN');
create policy others_decide on approval for update to accounts_admin
    using (requested_by <> current_admin_id()) with check (decided_by = current_admin_id());

revoke all on approval, approval_gate from accounts_shard;
grant select, update (state, outcome, finished_at) on approval to accounts_shard;
grant select, insert, update (state, decided_by, decided_at, outcome, finished_at)
    on approval to accounts_admin;
grant select, update on approval_gate to accounts_admin;

-- Ledger -----------------------------------------------------------------------------------------

alter table ledger_transaction
    add column adjustment_id bigint,
    drop constraint ledger_transaction_kind_is_known,
    add constraint ledger_transaction_kind_is_known check (
        kind in ('DEPOSIT', 'TRADES_SETTLED', 'TRANSFER',
            'WITHDRAWAL', 'WITHDRAWAL_CONFIRMED', 'WITHDRAWAL_RETURNED',
            'ADJUSTMENT_CREDIT', 'ADJUSTMENT_DEBIT')),
    add constraint ledger_transaction_of_an_adjustment_names_it check (
        (kind in ('ADJUSTMENT_CREDIT', 'ADJUSTMENT_DEBIT')) = (adjustment_id is not null)),
    add constraint ledger_transaction_of_an_adjustment_has_its_sign check (
        (kind <> 'ADJUSTMENT_CREDIT' or amount_micros > 0)
        and (kind <> 'ADJUSTMENT_DEBIT' or amount_micros < 0));
create unique index ledger_transaction_adjusts_once
    on ledger_transaction (adjustment_id) where adjustment_id is not null;

comment on column ledger_transaction.adjustment_id is 'the approval that it took';

-- An administrator credits what two have agreed on, and writes nothing else into the ledger.
create policy admins_credit on ledger_transaction for insert to accounts_admin
    with check (
        kind = 'ADJUSTMENT_CREDIT'
        and exists (
            select from approval a
            where a.approval_id = adjustment_id and a.state = 'EXECUTED'
                and a.decided_by = current_admin_id()));
create policy admins_credit on customer_account for update to accounts_admin
    using (current_admin_id() is not null) with check (current_admin_id() is not null);
grant insert on ledger_transaction to accounts_admin;
grant update (balance_micros, transactions, credit_sequence) on customer_account
    to accounts_admin;
grant select, insert, update on house_account to accounts_admin;

-- What they decide is published like what users ask for, see db/eventlog.
grant select, insert, update on channel to accounts_admin;
grant insert on outbox to accounts_admin;
grant usage on sequence outbox_batch to accounts_admin;

-- Comparison with risk ---------------------------------------------------------------------------

-- One on demand asks at a time: whoever wants another one waits.
create unique index reconciliation_run_asks_one_on_demand_at_a_time
    on reconciliation_run (kind) where kind = 'ON_DEMAND' and asked_at is null;
grant insert (kind, night, started_at) on reconciliation_run to accounts_admin;
