-- The 100 highest nonces of each agent, of the last two days: a number is taken once. A request
-- that goes to several markets has a row for each it has reached; market 0 stands for none.
create table nonces (
    signer text not null,
    nonce bigint not null,
    market_id integer not null,
    user_id bigint not null,
    shard_id smallint not null,
    content_hash bigint not null,
    command_id bigint not null,
    answer jsonb,
    primary key (signer, nonce, market_id)
);
create index nonces_of_shard on nonces (shard_id);

comment on column nonces.content_hash is
    'over what the agent signed but for its time: the same content is a repeat';
comment on column nonces.answer is
    'the outcome of a command that risk decides alone; those of the others have the orders';

alter table nonces enable row level security;
alter table nonces force row level security;
create policy owner_sees_all on nonces to risk_owner using (true) with check (true);
create policy shard_sees_all on nonces to risk_shard using (true) with check (true);
create policy api_sees_its_user on nonces for select to risk_api
    using (user_id = nullif(current_setting('perpetua.user_id', true), '')::bigint);

create type nonce_row as (
    signer text,
    nonce bigint,
    market_id integer,
    user_id bigint,
    shard_id smallint,
    content_hash bigint,
    command_id bigint,
    answer text
);
create type nonce_key_row as (
    signer text,
    nonce bigint
);
