-- Roles and the schema exist already; the tables belong to accounts_owner, who runs this.
-- Every table with rows of users carries user_id and forces row-level security:
--   accounts_owner  all rows (migrations, and the two functions at the end)
--   accounts_shard  all rows (the settlement loop)
--   accounts_api    the rows of the user that the transaction names in perpetua.user_id

create function current_user_id() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('perpetua.user_id', true), '')::bigint;

comment on function current_user_id() is
    'The user whose rows the transaction may see; null, and so none, when it names nobody.';

-- Users ------------------------------------------------------------------------------------------

-- Ids of users and of subaccounts begin far apart: one taken for the other finds nothing.
create sequence user_id_sequence as bigint minvalue 1 maxvalue 9007199254740991;
create sequence subaccount_id_sequence as bigint
    minvalue 1 maxvalue 9007199254740991 start with 1000001;

create table app_user (
    user_id bigint primary key,
    created_at timestamptz not null,
    last_sign_in_at timestamptz not null
);

create table wallet (
    address text primary key,
    user_id bigint not null references app_user,
    linked_at timestamptz not null,
    constraint wallet_address_is_lower_case_hex check (address ~ '^0x[0-9a-f]{40}$')
);
create index wallet_of_user on wallet (user_id);

create table subaccount (
    subaccount_id bigint primary key,
    user_id bigint not null references app_user,
    number integer not null,
    name text not null,
    address text not null unique,
    opened_at timestamptz not null,
    constraint subaccount_numbers_are_unique_per_user unique (user_id, number),
    constraint subaccount_number_is_not_negative check (number >= 0),
    constraint subaccount_address_is_lower_case_hex check (address ~ '^0x[0-9a-f]{40}$')
);

-- Sign-in ----------------------------------------------------------------------------------------

-- Only nonces that signed somebody in; kept until they would have expired anyway.
create table used_nonce (
    nonce text primary key,
    expires_at timestamptz not null
);
create index used_nonce_by_expiry on used_nonce (expires_at);

create table signing_key (
    key_id text primary key,
    public_key bytea not null,
    sealed_private_key bytea not null,
    created_at timestamptz not null
);

comment on column signing_key.sealed_private_key is
    'PKCS 8, sealed by the key-encryption key that stands outside the database';

-- Ledger -----------------------------------------------------------------------------------------
-- Amounts of every asset count in units of 1e-6.

create table customer_account (
    subaccount_id bigint not null references subaccount,
    asset text not null,
    user_id bigint not null references app_user,
    shard smallint not null,
    balance_micros bigint not null default 0,
    transactions bigint not null default 0,
    settlement_sequence bigint not null default 0,
    credit_sequence bigint not null default 0,
    primary key (subaccount_id, asset),
    constraint customer_account_counts_are_not_negative
        check (transactions >= 0 and settlement_sequence >= 0 and credit_sequence >= 0)
) with (fillfactor = 70);
create index customer_account_by_shard on customer_account (shard, subaccount_id);
create index customer_account_of_user on customer_account (user_id);

comment on table customer_account is
    'What a subaccount has of an asset. Settlements and credits are counted on its USDC account,'
    ' which every subaccount has from its opening.';
comment on column customer_account.transactions is
    'the number of its last transaction; they count from 1 without gaps';

create table house_account (
    name text not null,
    asset text not null,
    shard smallint not null,
    balance_micros bigint not null default 0,
    primary key (name, asset, shard)
) with (fillfactor = 50);

comment on table house_account is
    'The exchange''s own accounts, one row a user shard: shards never wait for each other.';

create table ledger_transaction (
    subaccount_id bigint not null,
    asset text not null,
    number bigint not null,
    user_id bigint not null,
    shard smallint not null,
    kind text not null,
    amount_micros bigint not null,
    balance_after_micros bigint not null,
    house_accounts text[] not null,
    house_amounts_micros bigint[] not null,
    source_sequence bigint not null,
    market_id integer,
    first_trade_id bigint,
    last_trade_id bigint,
    occurred_at timestamptz not null,
    primary key (subaccount_id, asset, number),
    constraint ledger_transaction_sums_to_zero check (
        amount_micros
        + coalesce(house_amounts_micros[1], 0) + coalesce(house_amounts_micros[2], 0)
        + coalesce(house_amounts_micros[3], 0) + coalesce(house_amounts_micros[4], 0) = 0),
    constraint ledger_transaction_has_at_most_four_house_postings check (
        cardinality(house_amounts_micros) <= 4
        and cardinality(house_amounts_micros) = cardinality(house_accounts)
        and coalesce(array_upper(house_amounts_micros, 1), 0) = cardinality(house_amounts_micros)
        and coalesce(array_upper(house_accounts, 1), 0) = cardinality(house_accounts)),
    constraint ledger_transaction_kind_is_known check (kind in ('DEPOSIT', 'TRADES_SETTLED'))
);

comment on table ledger_transaction is
    'One transaction a row: a customer''s amount and its counter-postings, which sum to zero by a'
    ' check of the row itself. Rows are added and never changed.';
comment on column ledger_transaction.source_sequence is
    'which of the subaccount''s credits (deposits) or settlements it was';

create table deposit (
    deposit_id bigint generated always as identity primary key,
    user_id bigint not null references app_user,
    subaccount_id bigint not null references subaccount,
    asset text not null,
    amount_micros bigint not null,
    source text not null,
    reference text not null,
    transaction_number bigint not null,
    credit_sequence bigint not null,
    credited_at timestamptz not null,
    constraint deposit_amount_is_positive check (amount_micros > 0),
    constraint deposit_reference_is_used_once unique (source, reference),
    constraint deposit_source_is_known check (source in ('CUSTODIAN', 'FAUCET'))
);
create index deposit_of_user on deposit (user_id, deposit_id desc);

comment on column deposit.reference is
    'the custodian''s own; a faucet''s is the user''s, behind the user''s id and a colon';

-- Postings, for whoever adds up ------------------------------------------------------------------

create view posting with (security_invoker = true) as
select subaccount_id, asset, number, shard,
       'customer:' || subaccount_id as account, amount_micros, occurred_at
from ledger_transaction
union all
select t.subaccount_id, t.asset, t.number, t.shard,
       house.account, house.amount_micros, t.occurred_at
from ledger_transaction t
cross join lateral unnest(t.house_accounts, t.house_amounts_micros)
    as house (account, amount_micros);

-- Row-level security -----------------------------------------------------------------------------

do $$
declare
    name text;
begin
    foreach name in array array[
        'app_user', 'wallet', 'subaccount', 'customer_account', 'ledger_transaction', 'deposit']
    loop
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
    end loop;
end $$;

-- Before anybody is signed in: the wallet that the transaction has proven finds its user.
create policy proven_wallet_finds_its_user on wallet for select to accounts_api
    using (address = nullif(current_setting('perpetua.wallet_address', true), ''));

-- What each role may do --------------------------------------------------------------------------

grant usage on sequence user_id_sequence, subaccount_id_sequence to accounts_api;
grant select, insert, update on app_user to accounts_api;
grant select, insert on wallet, subaccount, ledger_transaction, deposit, signing_key
    to accounts_api;
grant select, insert, update on customer_account, house_account to accounts_api;
grant select, insert, update, delete on used_nonce to accounts_api;
grant select on posting to accounts_api;

-- The ledger is added to, never changed; the shard has no business with sign-in.
revoke update, delete on ledger_transaction, deposit from accounts_shard;
revoke delete on customer_account, house_account, subaccount, wallet, app_user
    from accounts_shard;
revoke all on signing_key, used_nonce from accounts_shard;

-- What a request may learn beyond its user's rows ------------------------------------------------

create function subaccount_at(public_address text)
    returns table (user_id bigint, subaccount_id bigint)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select s.user_id, s.subaccount_id from subaccount s where s.address = public_address;
end;

comment on function subaccount_at(text) is
    'Whose a subaccount''s public address is: a custodian''s notice names nothing else.';

create function trial_balance()
    returns table (
        asset text, account text, balance_micros numeric, postings_micros numeric)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select summed.asset, summed.account,
           sum(summed.balance_micros), sum(summed.postings_micros)
    from (
        select c.asset, 'customers' as account,
               sum(c.balance_micros) as balance_micros, 0 as postings_micros
        from customer_account c
        group by c.asset
        union all
        select h.asset, h.name, sum(h.balance_micros), 0
        from house_account h
        group by h.asset, h.name
        union all
        select t.asset, 'customers', 0, sum(t.amount_micros)
        from ledger_transaction t
        group by t.asset
        union all
        select t.asset, house.account, 0, sum(house.amount_micros)
        from ledger_transaction t
        cross join lateral unnest(t.house_accounts, t.house_amounts_micros)
            as house (account, amount_micros)
        group by t.asset, house.account
    ) summed
    group by summed.asset, summed.account
    order by summed.asset, summed.account;
end;

comment on function trial_balance() is
    'Per asset and account (all customers as one): the balance kept, and the sum of all postings.';

revoke all on function subaccount_at(text), trial_balance() from public;
grant execute on function subaccount_at(text), trial_balance() to accounts_api, accounts_shard;
