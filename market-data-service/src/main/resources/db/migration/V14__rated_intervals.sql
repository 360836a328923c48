-- Which funding interval set a rate last: when the clock is set back it ends again, and sets no other.
alter table price_state add column funding_rated_end_millis bigint not null default 0;
update price_state p set funding_rated_end_millis = r.ended_millis
from (select market_id, max(interval_end_millis) as ended_millis from funding_rate group by market_id) as r
where r.market_id = p.market_id;
