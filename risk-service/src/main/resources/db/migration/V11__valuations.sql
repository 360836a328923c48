-- What is held, as views; and what the job of valuations remembers.

-- Positions that are held, as their shards last committed them, with the leverage that counts.
create view active_positions with (security_invoker = true) as
select p.subaccount_id, p.market_id, p.opened_by_trade_id, p.user_id, p.size_e8, p.cost_micros,
       p.entry_e8, p.is_long, p.largest_size_e8, p.realised_micros, p.fees_micros,
       p.opened_at_millis, d.definition ->> 'symbol' as symbol,
       case when d.market_id is null then coalesce(l.leverage, 10)
            else least(coalesce(l.leverage, 10), (d.definition ->> 'maxLeverage')::integer)
       end as leverage
from positions p
left join leverages l on l.subaccount_id = p.subaccount_id and l.market_id = p.market_id
left join market_definitions d on d.shard_id = p.shard_id and d.market_id = p.market_id
where p.closed_at_millis is null;

comment on view active_positions is
    'Positions that are held. Without marks, which are not in the database.';
comment on column active_positions.leverage is
    'as chosen, or 10 where none was, and never above the market''s greatest';

-- Every market with what the reader may see of the positions in it: the shard sees all of them.
create view market_positions with (security_invoker = true) as
select m.market_id,
       coalesce(sum(p.size_e8) filter (where p.is_long), 0)::bigint as long_e8,
       coalesce(-sum(p.size_e8) filter (where not p.is_long), 0)::bigint as short_e8,
       coalesce(sum(p.cost_micros), 0)::bigint as cost_micros,
       count(p.market_id) as positions,
       count(distinct p.user_id) as traders,
       coalesce(sum(p.leverage), 0)::bigint as leverages
from (select distinct market_id from market_definitions) m
left join active_positions p on p.market_id = m.market_id
group by m.market_id;

comment on view market_positions is
    'Sums over the positions of each market: long and short sizes, cost signed like the side, the'
    ' users who have one, and the sum of the positions'' leverages.';

grant select on active_positions, market_positions to risk_api, risk_shard;

-- One clock for whichever process values: the database's, at the beginning of the statement.
create function now_millis() returns bigint
language sql stable
as $$ select floor(extract(epoch from statement_timestamp()) * 1000)::bigint $$;
revoke all on function now_millis() from public;
grant execute on function now_millis() to risk_shard;

-- When each kind of valuation is due again, and where its sweep over users stands. Whoever holds a
-- row values; the others leave it to them.
create table valuation_run (
    kind text primary key,
    due_at_millis bigint not null default 0,
    after_user_id bigint not null default 0,
    constraint valuation_kind_is_known check (kind in ('MARKETS', 'USERS'))
) with (fillfactor = 50);
insert into valuation_run (kind) values ('MARKETS'), ('USERS');

-- Users whose newest published valuation is of positions: it has to be followed by another.
create table valued_user (user_id bigint primary key);

alter table valued_user enable row level security;
alter table valued_user force row level security;
create policy owner_sees_all on valued_user to risk_owner using (true) with check (true);
create policy shard_sees_all on valued_user to risk_shard using (true) with check (true);

grant select, insert, update, delete on valued_user to risk_shard;
grant select, update on valuation_run to risk_shard;
