-- When each version takes effect, and who wanted it. The versions that exist were listed by the service itself.
alter table market_version add column effective_millis bigint;
alter table market_version add column changed_by text;
alter table market_version add column reason text;
update market_version set effective_millis = at_millis, changed_by = 'installation', reason = 'listed with the installation';
alter table market_version alter column effective_millis set not null;
alter table market_version alter column changed_by set not null;
alter table market_version alter column reason set not null;
alter table market_version add constraint market_version_is_not_retroactive check (effective_millis >= at_millis);
comment on column market_version.at_millis is 'When it was decided.';
comment on column market_version.effective_millis is 'From when on it is to be in force; table market says whether it is.';
comment on column market_version.changed_by is 'The id of the administrator who decided it, or installation.';

-- What was decided stays as it was decided.
revoke update, delete on market_version from market_data_shard;
