-- What each user traded, a row a day in UTC: added to in the commit that posts the settlements.
create table user_day (
    user_id bigint not null references app_user,
    day date not null,
    settlements bigint not null,
    fills bigint not null,
    volume_micros bigint not null,
    realised_micros bigint not null,
    fee_micros bigint not null,
    primary key (user_id, day),
    constraint user_day_counts_what_happened check (
        settlements > 0 and fills >= 0 and volume_micros >= 0)
) with (fillfactor = 70);

comment on column user_day.volume_micros is
    'notional of the user''s fills, which are one of the two sides of their trades';
comment on column user_day.fee_micros is 'owed by the user; negative: more rebates than fees';

alter table user_day enable row level security;
alter table user_day force row level security;
create policy owner_sees_all on user_day to accounts_owner using (true) with check (true);
create policy shard_sees_all on user_day to accounts_shard using (true) with check (true);
create policy users_see_their_own on user_day for select to accounts_api
    using (user_id = current_user_id());

grant select on user_day to accounts_api;
revoke delete on user_day from accounts_shard;
