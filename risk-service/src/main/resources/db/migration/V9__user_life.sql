-- Users about whom something is decided that restricts them; all others have no row. Written by
-- risk_shard alone, as everything else; HTTP has no use for it.
create table user_standings (
    user_id bigint primary key,
    shard_id smallint not null,
    suspended boolean not null,
    presence text not null,
    constraint user_presence_is_known check (presence in ('PRESENT', 'DEACTIVATED', 'CLOSED'))
) with (fillfactor = 70);
create index user_standings_of_shard on user_standings (shard_id);

alter table user_standings enable row level security;
alter table user_standings force row level security;
create policy owner_sees_all on user_standings to risk_owner using (true) with check (true);
create policy shard_sees_all on user_standings to risk_shard using (true) with check (true);

create type user_standing_row as (
    user_id bigint,
    shard_id smallint,
    suspended boolean,
    presence text
);
