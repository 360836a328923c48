-- The ledger is added to, never changed, by nobody: as with the audit log, a trigger holds its owner
-- to it too, who is not held by rights.

-- A list within a list has elements of which [1] is null, so that the sum would pass them over.
alter table ledger_transaction
    add constraint ledger_transaction_house_postings_are_plain_lists check (
        coalesce(array_ndims(house_accounts), 1) = 1
        and coalesce(array_ndims(house_amounts_micros), 1) = 1
        and array_position(house_accounts, null) is null
        and array_position(house_amounts_micros, null) is null);

create function refuse_to_rewrite_ledger() returns trigger
    language plpgsql
    set search_path = accounts, pg_temp
as $$
begin
    raise insufficient_privilege
        using message = 'the ledger is added to, never changed';
end $$;
revoke all on function refuse_to_rewrite_ledger() from public;

create trigger ledger_transaction_is_never_changed before update or delete on ledger_transaction
    for each row execute function refuse_to_rewrite_ledger();
create trigger ledger_transaction_is_never_emptied before truncate on ledger_transaction
    for each statement execute function refuse_to_rewrite_ledger();
create trigger deposit_is_never_changed before update or delete on deposit
    for each row execute function refuse_to_rewrite_ledger();
create trigger deposit_is_never_emptied before truncate on deposit
    for each statement execute function refuse_to_rewrite_ledger();
alter table ledger_transaction enable always trigger ledger_transaction_is_never_changed;
alter table ledger_transaction enable always trigger ledger_transaction_is_never_emptied;
alter table deposit enable always trigger deposit_is_never_changed;
alter table deposit enable always trigger deposit_is_never_emptied;
