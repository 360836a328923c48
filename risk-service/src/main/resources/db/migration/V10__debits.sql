-- Settlements are of trades, of a transfer, of a withdrawal, or of a debit by administrators;
-- adjustment_micros is due to the account when positive, so it is negative.
alter table settlements
    add column adjustment_id bigint,
    add column adjustment_micros bigint,
    drop constraint settlement_is_of_trades_a_transfer_or_a_withdrawal,
    add constraint settlement_is_of_one_thing check (
        num_nonnulls(market_id, first_trade_id, last_trade_id, fills, notional_micros,
            realised_micros, fee_micros) in (0, 7)
        and num_nonnulls(transfer_id, counterpart_id, transfer_micros) in (0, 3)
        and num_nonnulls(withdrawal_id, withdrawal_micros) in (0, 2)
        and num_nonnulls(adjustment_id, adjustment_micros) in (0, 2)
        and num_nonnulls(market_id, transfer_id, withdrawal_id, adjustment_id) = 1);

-- A debit is taken once.
create unique index settlement_of_adjustment on settlements (adjustment_id)
    where adjustment_id is not null;

create type debit_row as (
    subaccount_id bigint,
    sequence bigint,
    user_id bigint,
    adjustment_id bigint,
    adjustment_micros bigint,
    at_millis bigint
);
