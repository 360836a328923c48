-- What accounts-service reserves by itself has left the account before: the custodian is called for
-- no withdrawal of another asset that is not a transaction of the ledger. One on its way to risk, or
-- sent already, is none of these.

create policy payout_of_other_assets_is_in_the_ledger on withdrawal as restrictive
    for insert to accounts_api
    with check (
        asset = 'USDC'
        or state = 'REFUSED'
        or (state = 'RESERVED' and exists (
            select from ledger_transaction t
            where t.kind = 'WITHDRAWAL'
                and t.withdrawal_id = withdrawal.withdrawal_id
                and t.user_id = withdrawal.user_id
                and t.subaccount_id = withdrawal.subaccount_id
                and t.asset = withdrawal.asset
                and t.amount_micros = -withdrawal.amount_micros
                and t.source_sequence = withdrawal.settlement_sequence)));
