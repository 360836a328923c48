-- Users' secrets, and what they belong to: exchanges' keys, and Hypercore's subaccounts.

create table vault_secret (
    purpose text not null,
    record_id bigint not null,
    user_id bigint not null references app_user on delete cascade,
    key_id text not null,
    wrapped_key bytea not null,
    ciphertext bytea not null,
    primary key (purpose, record_id),
    constraint vault_secret_purpose_is_known check (purpose in (
        'hypercore-privkey', 'exchange-key', 'exchange-secret', 'exchange-passphrase')),
    constraint vault_secret_data_key_is_wrapped check (octet_length(wrapped_key) = 60),
    constraint vault_secret_is_bounded check (octet_length(ciphertext) between 29 and 8192)
);
create index vault_secret_by_key on vault_secret (key_id, purpose, record_id);
create index vault_secret_of_user on vault_secret (user_id);

comment on table vault_secret is
    'Each encrypted by a data key of its own, bound to purpose, user and record.';
comment on column vault_secret.key_id is
    'the key-encryption key, outside the database, that wraps the data key';

-- Hypercore --------------------------------------------------------------------------------------

create sequence hypercore_subaccount_id_sequence as bigint minvalue 1 maxvalue 9007199254740991;

create table hypercore_subaccount (
    id bigint primary key,
    user_id bigint not null references app_user on delete cascade,
    user_wallet text not null,
    sub_account_pubkey text not null,
    is_active boolean not null,
    timestamp_creation timestamptz not null,
    constraint hypercore_subaccount_is_bounded check (
        length(user_wallet) <= 128 and length(sub_account_pubkey) <= 256)
);
create index hypercore_subaccount_of_user on hypercore_subaccount (user_id, id);

-- Keys of other exchanges ------------------------------------------------------------------------

create sequence exchange_key_id_sequence as bigint minvalue 1 maxvalue 9007199254740991;

create table exchange_key (
    exchange_key_id bigint primary key,
    user_id bigint not null references app_user on delete cascade,
    client_key_id text not null,
    exchange text not null,
    name text not null,
    created_name text not null,
    scopes text[] not null,
    key_hint text not null,
    has_passphrase boolean not null,
    is_active boolean not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    constraint exchange_key_client_id_is_used_once unique (user_id, client_key_id),
    constraint exchange_key_is_bounded check (
        length(client_key_id) <= 64 and length(exchange) <= 32 and length(name) <= 64
        and length(created_name) <= 64 and length(key_hint) <= 8),
    constraint exchange_key_scopes_are_known check (
        cardinality(scopes) >= 1 and scopes <@ array['READ', 'TRADE'])
);
create index exchange_key_of_user on exchange_key (user_id, exchange_key_id desc);

comment on column exchange_key.created_name is
    'the name it was added under: what a repeat of the request is compared with';

-- Row-level security -----------------------------------------------------------------------------

do $$
declare
    name text;
begin
    foreach name in array array['vault_secret', 'hypercore_subaccount', 'exchange_key']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy owner_sees_all on %I to accounts_owner using (true) with check (true)',
            name);
        execute format(
            'create policy users_see_their_own on %I to accounts_api'
            ' using (user_id = current_user_id()) with check (user_id = current_user_id())',
            name);
        execute format('revoke all on %I from accounts_shard', name);
    end loop;
end $$;

grant usage on sequence hypercore_subaccount_id_sequence, exchange_key_id_sequence
    to accounts_api;
grant select, insert, delete on vault_secret to accounts_api;
grant select, insert on hypercore_subaccount to accounts_api;
grant update (is_active) on hypercore_subaccount to accounts_api;
grant select, insert, delete on exchange_key to accounts_api;
grant update (name, is_active, last_used_at) on exchange_key to accounts_api;

-- A new wrapping key -----------------------------------------------------------------------------
-- What wraps anew works for all users, so it sees no ciphertext: wrapped data keys alone.

grant update (sealed_private_key) on signing_key to accounts_api;

create function secrets_by_key() returns table (key_id text, secrets bigint)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select s.key_id, count(*) from vault_secret s group by s.key_id;
end;

comment on function secrets_by_key() is
    'How many secrets each wrapping key wraps: one that wraps none can be thrown away.';

create function wrapped_keys(
        wrapped_by text, after_purpose text, after_record bigint, most integer)
    returns table (purpose text, record_id bigint, user_id bigint, wrapped_key bytea)
    language sql stable security definer
    set search_path = accounts, pg_temp
begin atomic
    select s.purpose, s.record_id, s.user_id, s.wrapped_key
    from vault_secret s
    where s.key_id = wrapped_by
        and (s.purpose, s.record_id) > (after_purpose, after_record)
    order by s.purpose, s.record_id
    limit least(most, 1000);
end;

create function rewrap_keys(
        purposes text[], record_ids bigint[], old_keys bytea[], new_keys bytea[], wrapped_by text)
    returns bigint
    language sql volatile security definer
    set search_path = accounts, pg_temp
begin atomic
    with rewrapped as (
        update vault_secret s set wrapped_key = n.new_key, key_id = wrapped_by
        from unnest(purposes, record_ids, old_keys, new_keys)
            as n (purpose, record_id, old_key, new_key)
        where s.purpose = n.purpose and s.record_id = n.record_id and s.wrapped_key = n.old_key
        returning 1)
    select count(*) from rewrapped;
end;

comment on function rewrap_keys(text[], bigint[], bytea[], bytea[], text) is
    'Puts a newly wrapped data key in the place of the same one, if it is still there.';

revoke all on function
    secrets_by_key(), wrapped_keys(text, text, bigint, integer),
    rewrap_keys(text[], bigint[], bytea[], bytea[], text) from public;
grant execute on function
    secrets_by_key(), wrapped_keys(text, text, bigint, integer),
    rewrap_keys(text[], bigint[], bytea[], bytea[], text) to accounts_shard;
