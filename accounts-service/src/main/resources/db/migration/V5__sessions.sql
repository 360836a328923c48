-- Sign-ins that can be refreshed, listed and ended; wallets of more than one kind; keys that change.

alter table wallet add column kind text not null default 'EVM';
alter table wallet alter column kind drop default;
alter table wallet
    drop constraint wallet_address_is_lower_case_hex,
    add constraint wallet_address_is_of_its_kind check (
        kind = 'EVM' and address ~ '^0x[0-9a-f]{40}$'
        or kind = 'SOLANA' and address ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$');

comment on column wallet.address is
    'EVM: in lower case; Solana: the public key in base58. No text is of both kinds.';

create table sign_in (
    sign_in_id uuid primary key,
    user_id bigint not null references app_user,
    wallet text not null references wallet,
    user_agent text,
    client_address text,
    created_at timestamptz not null,
    refreshed_at timestamptz not null,
    expires_at timestamptz not null,
    access_until timestamptz not null,
    generation bigint not null default 0,
    refresh_hash bytea not null,
    previous_hash bytea,
    constraint sign_in_generation_is_not_negative check (generation >= 0),
    constraint sign_in_has_a_previous_token_unless_new check (
        (generation = 0) = (previous_hash is null)),
    constraint sign_in_hashes_are_sha_256 check (
        octet_length(refresh_hash) = 32 and octet_length(previous_hash) = 32),
    constraint sign_in_is_bounded check (
        length(user_agent) <= 256 and length(client_address) <= 64)
);
create index sign_in_of_user on sign_in (user_id, refreshed_at);
create index sign_in_of_wallet on sign_in (wallet);

comment on table sign_in is
    'A sign-in is a row while it lasts; ending it deletes the row and publishes that it ended.';
comment on column sign_in.access_until is 'when the last access token of it expires';
comment on column sign_in.refresh_hash is
    'SHA-256 of the newest refresh token; the token itself stands nowhere';

alter table sign_in enable row level security;
alter table sign_in force row level security;
create policy owner_sees_all on sign_in to accounts_owner using (true) with check (true);
create policy users_see_their_own on sign_in to accounts_api
    using (user_id = current_user_id()) with check (user_id = current_user_id());

revoke all on sign_in from accounts_shard;
grant select, insert, update, delete on sign_in to accounts_api;
grant delete on wallet to accounts_api;

alter table signing_key add column signs_from timestamptz;
update signing_key set signs_from = created_at;
alter table signing_key alter column signs_from set not null;
create index signing_key_by_begin on signing_key (signs_from);
grant delete on signing_key to accounts_api;

comment on column signing_key.signs_from is
    'published from created_at; signs from here until the next key does';
