-- Where the search for a first difference begins: what was in the ledger when it last agreed with
-- risk is not read again.
alter table reconciliation_agreement
    add column ledger_transactions bigint not null default 0;

comment on column reconciliation_agreement.ledger_transactions is
    'the number of a transaction up to which all were in what agreed';
comment on column reconciliation_difference.first_transaction is
    'the first transaction since the last agreement after which the ledger contradicts itself; null'
    ' when none does among those that were looked at';
