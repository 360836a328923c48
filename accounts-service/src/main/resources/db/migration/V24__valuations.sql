-- Unrealised profit of users, day by day as risk-service last valued it; and a user's portfolio.

create table user_day_valuation (
    user_id bigint not null references app_user,
    day date not null,
    unrealised_micros bigint not null,
    valued_at timestamptz not null,
    primary key (user_id, day),
    constraint user_day_valuation_is_of_its_day check (
        (valued_at at time zone 'UTC')::date = day)
) with (fillfactor = 70);

comment on table user_day_valuation is
    'The last of risk.user-valuations.v1 of each user and day in UTC; under the id alone.';

alter table user_day_valuation enable row level security;
alter table user_day_valuation force row level security;
create policy owner_sees_all on user_day_valuation to accounts_owner using (true) with check (true);
create policy shard_sees_all on user_day_valuation to accounts_shard using (true) with check (true);
create policy users_see_their_own on user_day_valuation for select to accounts_api
    using (user_id = current_user_id());

grant select on user_day_valuation to accounts_api;
grant select, insert, update on user_day_valuation to accounts_shard;
revoke delete on user_day_valuation from accounts_shard;

-- What each user that the reader may see has: by asset, all subaccounts together; what they traded
-- and what their positions are worth stands at USDC, in which that is settled.
create view user_portfolio with (security_invoker = true) as
select c.user_id, c.asset, c.balance_micros,
       coalesce(d.fills, 0) as lifetime_fills,
       coalesce(d.volume_micros, 0) as lifetime_volume_micros,
       coalesce(d.realised_micros, 0) as lifetime_realised_micros,
       coalesce(d.fee_micros, 0) as lifetime_fee_micros,
       v.unrealised_micros, v.valued_at
from (
    select user_id, asset, sum(balance_micros) as balance_micros
    from customer_account group by user_id, asset) c
left join lateral (
    select sum(fills) as fills, sum(volume_micros) as volume_micros,
           sum(realised_micros) as realised_micros, sum(fee_micros) as fee_micros
    from user_day where user_id = c.user_id and c.asset = 'USDC') d on true
left join lateral (
    select unrealised_micros, valued_at from user_day_valuation
    where user_id = c.user_id and c.asset = 'USDC' order by day desc limit 1) v on true;

comment on view user_portfolio is
    'Balance, lifetime statistics and newest unrealised profit of users. There is no function that'
    ' changes a balance: that takes a balanced transaction, and by hand two administrators.';

grant select on user_portfolio to accounts_api;
