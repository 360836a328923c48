-- Assets beside USDC. Risk knows nothing of them: accounts-service alone decides what may leave, and
-- the database lets none of their accounts be overdrawn.

alter table customer_account
    add constraint customer_account_of_other_assets_is_not_overdrawn check (
        asset = 'USDC' or balance_micros >= 0);
comment on table customer_account is
    'What a subaccount has of an asset. Its USDC account is there from its opening, that of another'
    ' asset from the first of it.';
comment on column customer_account.settlement_sequence is
    'of USDC, the last of risk''s settlements in it; of other assets it counts what accounts-service'
    ' decided itself: withdrawals taken, transfers';

-- Not valid: it is for what comes. What is there is USDC, and is not worth a scan under a lock.
alter table ledger_transaction
    add constraint ledger_transaction_of_other_assets_is_not_overdrawn check (
        asset = 'USDC' or balance_after_micros >= 0) not valid;

-- What a withdrawal counts for ---------------------------------------------------------------------

alter table withdrawal
    add column counted_micros bigint,
    add constraint withdrawal_of_other_assets_is_counted_in_dollars check (
        (asset = 'USDC') = (counted_micros is null) and counted_micros > 0);
comment on column withdrawal.counted_micros is
    'in US dollars, what it counts for against the limits; null of USDC, which counts for itself';

create policy risk_decides_on_collateral on withdrawal as restrictive for insert to accounts_api
    with check (asset <> 'USDC' or state = 'REQUESTED');

create or replace function withdrawal_moves_only_on() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    if (new.withdrawal_id, new.user_id, new.subaccount_id, new.asset, new.amount_micros,
            new.counted_micros, new.address, new.client_withdrawal_id, new.requested_at)
        is distinct from (old.withdrawal_id, old.user_id, old.subaccount_id, old.asset,
            old.amount_micros, old.counted_micros, old.address, old.client_withdrawal_id,
            old.requested_at) then
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

create or replace function withdrawals_counted(
    of_platform boolean, since timestamptz, amount_micros bigint, limit_micros bigint)
    returns table (total_micros numeric, freed_at timestamptz)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    with counted as (
        select w.requested_at,
               sum(coalesce(w.counted_micros, w.amount_micros))
                   over (order by w.requested_at, w.withdrawal_id) as so_far
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

-- Transfers ----------------------------------------------------------------------------------------
-- Ids begin far from those of other things: one taken for the other finds nothing.

create sequence asset_transfer_id_sequence as bigint
    minvalue 1 maxvalue 9007199254740991 start with 4000000000001;

create table asset_transfer (
    transfer_id bigint primary key,
    user_id bigint not null references app_user,
    from_subaccount_id bigint not null references subaccount,
    to_subaccount_id bigint not null references subaccount,
    asset text not null,
    amount_micros bigint not null,
    client_transfer_id text not null,
    transferred_at timestamptz not null,
    constraint asset_transfer_id_of_the_client_is_used_once
        unique (from_subaccount_id, client_transfer_id),
    constraint asset_transfer_amount_is_positive check (amount_micros > 0),
    constraint asset_transfer_goes_to_another_subaccount check (
        from_subaccount_id <> to_subaccount_id),
    constraint asset_transfer_is_not_of_collateral check (asset <> 'USDC')
);
create index asset_transfer_of_user on asset_transfer (user_id, transfer_id desc);

comment on table asset_transfer is
    'Transfers of assets other than USDC between two subaccounts of a user; those of USDC are'
    ' risk''s. Rows are added and never changed.';

create trigger asset_transfer_is_never_changed before update or delete on asset_transfer
    for each row execute function refuse_to_rewrite_ledger();
create trigger asset_transfer_is_never_emptied before truncate on asset_transfer
    for each statement execute function refuse_to_rewrite_ledger();
alter table asset_transfer enable always trigger asset_transfer_is_never_changed;
alter table asset_transfer enable always trigger asset_transfer_is_never_emptied;
create trigger asset_transfer_is_not_of_the_deleted before insert on asset_transfer
    for each row execute function refuse_to_add_to_the_deleted();

alter table asset_transfer enable row level security;
alter table asset_transfer force row level security;
create policy owner_sees_all on asset_transfer to accounts_owner using (true) with check (true);
create policy users_see_their_own on asset_transfer to accounts_api
    using (user_id = current_user_id()) with check (user_id = current_user_id());
grant select, insert on asset_transfer to accounts_api;
grant usage on sequence asset_transfer_id_sequence to accounts_api;
revoke all on asset_transfer from accounts_shard;
