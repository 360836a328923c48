-- What users have at other exchanges, as these last said it. An account's rows are replaced as a
-- whole, in the commit that moves funds_as_of on.

alter table exchange_key add column funds_as_of timestamptz;
alter table exchange_key add column passphrase_changed_at timestamptz;
comment on column exchange_key.funds_as_of is 'when the exchange was last asked what there is';
comment on column exchange_key.passphrase_changed_at is
    'since then a repeat of the request that added the key is compared without its passphrase';
grant update (funds_as_of, has_passphrase, passphrase_changed_at) on exchange_key to accounts_api;

create table fund (
    fund_id bigint generated always as identity primary key,
    user_id bigint not null references app_user on delete cascade,
    exchange_key_id bigint references exchange_key on delete cascade,
    exchange text not null,
    account text not null default '',
    currency text not null,
    free numeric not null,
    locked numeric not null,
    total numeric generated always as (free + locked) stored,
    as_of timestamptz not null,
    constraint fund_is_listed_once unique nulls not distinct
        (user_id, exchange_key_id, exchange, account, currency),
    constraint fund_is_bounded check (
        length(exchange) <= 32 and length(account) <= 32 and length(currency) between 1 and 32
        and abs(free) < 1e24 and locked < 1e24 and scale(free) <= 24 and scale(locked) <= 24),
    constraint fund_locked_is_not_negative check (locked >= 0)
);
create index fund_of_user on fund (user_id, fund_id desc);
create index fund_of_key on fund (exchange_key_id);

comment on column fund.account is
    'a part of what they have there, by the exchange''s name; empty where there is one';

create trigger fund_is_not_of_the_deleted before insert on fund
    for each row execute function refuse_to_add_to_the_deleted();

alter table fund enable row level security;
alter table fund force row level security;
create policy owner_sees_all on fund to accounts_owner using (true) with check (true);
create policy users_see_their_own on fund to accounts_api
    using (user_id = current_user_id()) with check (user_id = current_user_id());
revoke all on fund from accounts_shard;
grant select, insert, delete on fund to accounts_api;
