-- Agents: keys that act for a user within bounds.
create table agent (
    address text primary key,
    user_id bigint not null references app_user,
    label text not null,
    scopes text[] not null,
    filter jsonb,
    networks text[] not null,
    registered_at timestamptz not null,
    expires_at timestamptz not null,
    removed_at timestamptz,
    constraint agent_address_is_of_a_key check (
        address ~ '^0x[0-9a-f]{40}$' or address ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'),
    constraint agent_label_is_bounded check (length(label) between 1 and 64),
    constraint agent_has_a_scope check (
        cardinality(scopes) > 0 and scopes <@ array['READ', 'TRADE', 'TRANSFER']),
    constraint agent_networks_are_few check (cardinality(networks) <= 20),
    constraint agent_expires_after_it_is_registered check (expires_at > registered_at),
    constraint agent_is_removed_after_it_is_registered check (removed_at >= registered_at)
);
create index agent_of_user on agent (user_id, registered_at);

comment on table agent is
    'A row is never deleted: an address that was an agent''s is never registered again, so that no'
    ' request it has signed can come back.';
comment on column agent.address is
    'secp256k1: in lower case; Ed25519: the public key in base58. No text is of both.';
comment on column agent.filter is 'what it is let near; null for all its scopes allow';

alter table agent enable row level security;
alter table agent force row level security;
create policy owner_sees_all on agent to accounts_owner using (true) with check (true);
create policy users_see_their_own on agent to accounts_api
    using (user_id = current_user_id()) with check (user_id = current_user_id());

revoke all on agent from accounts_shard;
grant select, insert on agent to accounts_api;
grant update (removed_at) on agent to accounts_api;
