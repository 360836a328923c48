-- Where administrators have signed in from: whoever guesses elsewhere doesn't keep them out there.
create table admin_known_address (
    username text not null,
    address text not null,
    last_at timestamptz not null,
    primary key (username, address),
    constraint admin_known_address_is_bounded check (length(address) <= 64)
);
revoke all on admin_known_address from accounts_shard, accounts_api;
grant select, insert, update, delete on admin_known_address to accounts_admin;
