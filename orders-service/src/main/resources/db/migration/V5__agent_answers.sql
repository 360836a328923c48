-- The outcomes of agents' cancels and amendments, for repeats under the same nonce. Placements need
-- none: the order's row has its first answer. Kept for longer than a nonce can be repeated.
create table agent_answers (
    command_id bigint primary key,
    user_id bigint not null,
    event jsonb not null
);

comment on column agent_answers.command_id is 'carries its time, by which the oldest are found';
comment on column agent_answers.event is 'the order event that answered the command';

alter table agent_answers enable row level security;
alter table agent_answers force row level security;
create policy owner_sees_all on agent_answers to orders_owner using (true) with check (true);
create policy shard_sees_all on agent_answers to orders_shard using (true) with check (true);
create policy api_sees_its_user on agent_answers for select to orders_api
    using (user_id = nullif(current_setting('perpetua.user_id', true), '')::bigint);

grant select, insert, delete on agent_answers to orders_shard;
grant select on agent_answers to orders_api;

create type agent_answer_row as (
    command_id bigint,
    user_id bigint,
    event text
);
