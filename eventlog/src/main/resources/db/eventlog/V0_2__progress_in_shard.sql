-- A shard's offsets, marks and channel numbers move in every batch: as one value in the shard's own
-- row they cost one row version a batch, where a row each cost about ten.
-- {"offsets": {topic: next}, "marks": {topic: {source: number}}, "channels": {topic: [next of each partition]}}
alter table shard add column progress json not null default '{}';
-- A row is rewritten hundreds of times a second: no compression.
alter table shard set (toast_tuple_target = 8160);
alter table shard alter column progress set storage external;

update shard s set progress = json_build_object(
    'offsets', coalesce(
        (select json_object_agg(o.topic, o.next_offset) from shard_offset o where o.shard = s.id), '{}'),
    'marks', coalesce(
        (select json_object_agg(t.topic, t.numbers)
         from (select m.topic, json_object_agg(m.source, m.number) as numbers
               from mark m where m.shard = s.id group by m.topic) t), '{}'),
    'channels', coalesce(
        (select json_object_agg(t.topic, t.numbers)
         from (select p.topic, json_agg(coalesce(c.next_number, 1) order by p.partition) as numbers
               from (select topic, generate_series(0, max(partition)) as partition
                     from channel where source = s.id group by topic) p
               left join channel c on c.source = s.id and c.topic = p.topic and c.partition = p.partition
               group by p.topic) t), '{}'));
-- What is left in channel are the numbers of relays' sources, which HTTP transactions take.
delete from channel c using shard s where s.id = c.source and s.kind <> 'relay';

drop table shard_offset;
drop table mark;

-- The offset a shard reads next in its partition of a topic.
create view shard_offset with (security_invoker = true) as
    select s.id as shard, o.key as topic, o.value::bigint as next_offset
    from shard s, json_each_text(s.progress -> 'offsets') o;

-- The number of the last event a shard accepted from a source in its partition of a topic.
create view mark with (security_invoker = true) as
    select s.id as shard, t.key as topic, m.key as source, m.value::bigint as number
    from shard s, json_each(s.progress -> 'marks') t, json_each_text(t.value) m;

-- The number a shard's next event to a partition of a topic gets.
create view shard_channel with (security_invoker = true) as
    select s.id as source, t.key as topic, (n.place - 1)::integer as partition,
        n.number::bigint as next_number
    from shard s, json_each(s.progress -> 'channels') t,
        json_array_elements_text(t.value) with ordinality as n(number, place);

do $$
begin
    execute format('grant select on shard_offset, mark, shard_channel to %I', current_schema() || '_shard');
end
$$;
