-- Candles of every length and source in one table. The minutes are by far the most, so they alone are
-- divided by time, a partition a month, and can be dropped by age; the longer frames are few and stay.

create type candle_series as enum ('TRADES', 'ORACLE', 'IMPORT');

alter table candle_1m rename to candle_1m_before;
alter index candle_1m_pkey rename to candle_1m_before_pkey;

create table candle (
    market_id         integer       not null,
    series            candle_series not null,
    frame_millis      bigint        not null,
    open_millis       bigint        not null,
    opened_millis     bigint        not null,
    closed_millis     bigint        not null,
    open_units        bigint        not null,
    high_units        bigint        not null,
    low_units         bigint        not null,
    close_units       bigint        not null,
    volume_units      bigint        not null,
    volume_usd_micros bigint        not null,
    trades            bigint        not null,
    primary key (market_id, series, frame_millis, open_millis),
    constraint candle_begins_a_frame check (open_millis % frame_millis = 0),
    constraint candle_is_made_of_its_frame check (
        open_millis <= opened_millis and opened_millis <= closed_millis
        and closed_millis < open_millis + frame_millis),
    constraint candle_low_is_lowest check (low_units > 0 and low_units <= least(open_units, close_units)),
    constraint candle_high_is_highest check (high_units >= greatest(open_units, close_units)),
    constraint candle_is_made_of_something check (trades > 0),
    constraint candle_has_volume_when_traded check (
        case series when 'TRADES' then volume_units > 0 else volume_units = 0 end
        and volume_usd_micros >= 0)
) partition by list (frame_millis);
comment on table candle is
    'Frames in which something traded or had a price; frames in which nothing did are made on read.';
comment on column candle.opened_millis is 'The time of what the candle opened with; of its like, the first in the stream counts.';
comment on column candle.closed_millis is 'The time of what the candle closed with; of its like, the last in the stream counts.';
comment on column candle.trades is 'How many trades, oracle prices or imported minutes it is made of.';

create table candle_1m partition of candle for values in (60000) partition by range (open_millis);
create table candle_5m partition of candle for values in (300000);
create table candle_15m partition of candle for values in (900000);
create table candle_1h partition of candle for values in (3600000);
create table candle_4h partition of candle for values in (14400000);
create table candle_1d partition of candle for values in (86400000);

-- What the shards hand to their statement: an array of rows.
create type candle_row as (
    market_id integer,
    series text,
    frame_millis bigint,
    open_millis bigint,
    opened_millis bigint,
    closed_millis bigint,
    open_units bigint,
    high_units bigint,
    low_units bigint,
    close_units bigint,
    volume_units bigint,
    volume_usd_micros bigint,
    trades bigint
);

create table history_table (
    name  text primary key,
    width text not null,
    constraint history_table_width_is_known check (width in ('day', 'month'))
);
comment on table history_table is 'The tables divided by time, and how long a partition is.';
insert into history_table values ('candle_1m', 'month');

-- Partitions are the owner's; the shard role may have them made and dropped by these two alone.
-- Attaching a finished table, unlike making it in its place, waits for no reader or writer.
create function make_history(parent text, at_millis bigint[]) returns integer
    language plpgsql security definer
    set search_path = market_data, pg_temp
as
$$
declare
    part_width text;
    begins timestamp;
    part text;
    made integer := 0;
begin
    select h.width into strict part_width from history_table h where h.name = parent;
    for begins in
        select distinct date_trunc(part_width, to_timestamp(at / 1000) at time zone 'UTC')
        from unnest(at_millis) as at order by 1
    loop
        part := parent || to_char(begins, case part_width when 'day' then '_YYYY_MM_DD' else '_YYYY_MM' end);
        if to_regclass(part) is null then
            perform pg_advisory_xact_lock(hashtext(parent));
            if to_regclass(part) is null then
                execute format('create table %I (like %I including all)', part, parent);
                execute format(
                    'alter table %I attach partition %I for values from (%s) to (%s)', parent, part,
                    (extract(epoch from begins) * 1000)::bigint,
                    (extract(epoch from begins + ('1 ' || part_width)::interval) * 1000)::bigint);
                made := made + 1;
            end if;
        end if;
    end loop;
    return made;
end
$$;
comment on function make_history is
    'Makes the partitions that hold these times, where they are missing, and says how many it made.';

-- Dropping waits for readers, and new readers wait behind it: it gives up soon and is tried again.
create function drop_history(parent text, before_millis bigint) returns integer
    language plpgsql security definer
    set search_path = market_data, pg_temp
    set lock_timeout = '1s'
as
$$
declare
    part text;
    dropped integer := 0;
begin
    perform from history_table h where h.name = parent;
    if not found then
        raise exception 'no table divided by time: %', parent;
    end if;
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = parent::regclass
        and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(-?\d+)''\)')::bigint <= before_millis
        order by c.relname
    loop
        execute format('drop table %I', part);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;
comment on function drop_history is
    'Drops the partitions that end at or before this time, and says how many it dropped.';

revoke all on function make_history, drop_history from public;
grant execute on function make_history, drop_history to market_data_shard;
revoke insert, update, delete on history_table from market_data_shard;

select make_history('candle_1m', array_agg(open_millis)) from candle_1m_before having count(*) > 0;
insert into candle
select market_id, 'TRADES', frame, open_millis - open_millis % frame, min(open_millis), max(open_millis),
       (array_agg(open_units order by open_millis))[1], max(high_units), min(low_units),
       (array_agg(close_units order by open_millis desc))[1],
       sum(volume_units), sum(volume_usd_micros), sum(trades)
from candle_1m_before
cross join unnest(array [60000, 300000, 900000, 3600000, 14400000, 86400000]::bigint[]) as frame
group by 1, 3, 4;
drop table candle_1m_before;

-- Through the parent only: a partition by itself is nobody's but the owner's and the shard's.
grant select on candle to market_data_api;
grant select, insert, update, delete on candle to market_data_shard;
