-- A transfer between two subaccounts of a user is a transaction of each, over the house account
-- 'transfers'.
alter table ledger_transaction
    add column transfer_id bigint,
    add column counterpart_id bigint,
    drop constraint ledger_transaction_kind_is_known,
    add constraint ledger_transaction_kind_is_known
        check (kind in ('DEPOSIT', 'TRADES_SETTLED', 'TRANSFER')),
    add constraint ledger_transaction_of_a_transfer_names_it check (
        (kind = 'TRANSFER') = (transfer_id is not null)
        and (kind = 'TRANSFER') = (counterpart_id is not null));

comment on column ledger_transaction.counterpart_id is
    'the subaccount at the other end of the transfer';
