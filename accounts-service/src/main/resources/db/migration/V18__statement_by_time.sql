-- Statements are asked for by time too; the account's numbers alone don't lead there.
create index ledger_transaction_by_time
    on ledger_transaction (subaccount_id, asset, occurred_at, number);
