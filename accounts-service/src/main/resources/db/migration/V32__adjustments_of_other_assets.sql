-- Adjustments by hand are of any asset: what two have agreed on is posted, in that asset and that
-- amount. A debit of USDC stays risk's.

drop policy admins_credit on ledger_transaction;
create policy admins_adjust on ledger_transaction for insert to accounts_admin
    with check (
        (kind = 'ADJUSTMENT_CREDIT' or (kind = 'ADJUSTMENT_DEBIT' and asset <> 'USDC'))
        and exists (
            select from approval a
            where a.approval_id = ledger_transaction.adjustment_id
                and a.kind = 'ADJUSTMENT' and a.state = 'EXECUTED'
                and a.decided_by = current_admin_id()
                and a.content::json ->> 'subaccountId' = ledger_transaction.subaccount_id::text
                and coalesce(a.content::json ->> 'asset', 'USDC') = ledger_transaction.asset
                and 'ADJUSTMENT_' || (a.content::json ->> 'direction') = ledger_transaction.kind
                and (a.content::json ->> 'amount')::numeric * 1000000
                    = abs(ledger_transaction.amount_micros)));

-- A debit is the account's next settlement, as a withdrawal of such an asset is.
grant update (settlement_sequence) on customer_account to accounts_admin;

-- A credit opens the account, if it is the first of the asset; an account begins empty.
create policy admins_open on customer_account for insert to accounts_admin
    with check (
        current_admin_id() is not null and asset <> 'USDC'
        and exists (
            select from subaccount s
            where s.subaccount_id = customer_account.subaccount_id
                and s.user_id = customer_account.user_id));
grant insert (subaccount_id, asset, user_id, shard) on customer_account to accounts_admin;
