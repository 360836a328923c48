-- Where TimescaleDB is (made in this database by its owner, in a schema that this role may use), history is kept in
-- hypertables: same names, columns, rights and functions. Elsewhere this does nothing, and history stays in partitions.

do $migration$
declare
    timescale text;
    is_licensed boolean;
    kept record;
begin
    select n.nspname into timescale
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'timescaledb';
    if timescale is null then
        return;
    end if;
    if not has_schema_privilege(timescale, 'usage') then
        raise exception 'timescaledb is in schema %, which % may not use', timescale, current_user
            using hint = format('grant usage on schema %I to %I', timescale, current_user);
    end if;
    set local statement_timeout = 0;
    perform set_config('search_path', format('market_data, %I', timescale), true);
    -- Compression, and the jobs that do it, are not part of the Apache edition.
    is_licensed := current_setting('timescaledb.license') = 'timescale';

    create function history_now_millis() returns bigint language sql stable
        return (extract(epoch from now()) * 1000)::bigint;
    comment on function history_now_millis is 'The time by which TimescaleDB tells old chunks from new ones.';

    for kept in
        select * from (values
            ('oracle_tick', 'at_millis', 86400000::bigint, 'market_id', 'at_millis, sequence', 2 * 86400000::bigint),
            ('mark_tick', 'at_millis', 86400000, 'market_id', 'at_millis, sequence', 2 * 86400000::bigint),
            ('candle', 'open_millis', 30 * 86400000::bigint, 'market_id, series, frame_millis', 'open_millis',
                30 * 86400000::bigint)
        ) as t (name, time_column, chunk_millis, segment, ordering, compressed_after_millis)
    loop
        execute format('alter table %I rename to before_hypertables', kept.name);
        execute format('create table %I (like before_hypertables including all)', kept.name);
        execute format('comment on table %I is %L', kept.name, obj_description('before_hypertables'::regclass));
        perform create_hypertable(
            kept.name::regclass, by_range(kept.time_column, kept.chunk_millis), create_default_indexes => false);
        perform set_integer_now_func(kept.name::regclass, 'market_data.history_now_millis'::regproc);
        if kept.name = 'candle' then
            -- A chunk holds candles of one length, so the minutes can be dropped by age and the others stay.
            perform add_dimension('candle'::regclass, by_range('frame_millis', 60000::bigint));
        end if;
        execute format('insert into %I select * from before_hypertables', kept.name);
        drop table before_hypertables;
        execute format('grant select on %I to market_data_api', kept.name);
        execute format('grant select, insert, update, delete on %I to market_data_shard', kept.name);
        if is_licensed then
            execute format(
                'alter table %I set (timescaledb.compress, timescaledb.compress_segmentby = %L,'
                ' timescaledb.compress_orderby = %L)', kept.name, kept.segment, kept.ordering);
            perform add_compression_policy(kept.name::regclass, compress_after => kept.compressed_after_millis);
        end if;
    end loop;

    create or replace function make_history(parent text, at_millis bigint[]) returns integer
        language plpgsql security definer
        set search_path = market_data, pg_temp
        as $$
        begin
            perform from history_table h where h.name = parent;
            if not found then
                raise exception 'no table divided by time: %', parent;
            end if;
            return 0;
        end
        $$;
    comment on function make_history is 'Makes nothing: a hypertable makes the chunks it misses.';

    execute format($definition$
        create or replace function drop_history(parent text, before_millis bigint) returns integer
            language plpgsql security definer
            set search_path = market_data, pg_temp
            set lock_timeout = '1s'
            as $$
            declare
                part regclass;
                frame bigint;
                dropped integer := 0;
            begin
                perform from history_table h where h.name = parent;
                if not found then
                    raise exception 'no table divided by time: %%', parent;
                end if;
                if parent <> 'candle_1m' then
                    select count(*) into dropped
                    from %1$I.drop_chunks(parent::regclass, older_than => before_millis);
                    return dropped;
                end if;
                for part in select %1$I.show_chunks('candle'::regclass, older_than => before_millis) loop
                    execute format('select frame_millis from %%s limit 1', part) into frame;
                    if frame = 60000 then
                        execute format('drop table %%s', part);
                        dropped := dropped + 1;
                    end if;
                end loop;
                return dropped;
            end
            $$;
        $definition$, timescale);
    comment on function drop_history is
        'Drops the chunks that end at or before this time, and says how many it dropped.';
end
$migration$;
