-- Settlements are of trades, of a transfer or of a withdrawal; withdrawal_micros is due to the
-- account when positive, so it is negative.
alter table settlements
    add column withdrawal_id bigint,
    add column withdrawal_micros bigint,
    drop constraint settlement_is_of_trades_or_of_a_transfer,
    add constraint settlement_is_of_trades_a_transfer_or_a_withdrawal check (
        num_nonnulls(market_id, first_trade_id, last_trade_id, fills, notional_micros,
            realised_micros, fee_micros) in (0, 7)
        and num_nonnulls(transfer_id, counterpart_id, transfer_micros) in (0, 3)
        and num_nonnulls(withdrawal_id, withdrawal_micros) in (0, 2)
        and num_nonnulls(market_id, transfer_id, withdrawal_id) = 1);

-- A withdrawal is reserved once.
create unique index settlement_of_withdrawal on settlements (withdrawal_id)
    where withdrawal_id is not null;

create type withdrawal_row as (
    subaccount_id bigint,
    sequence bigint,
    user_id bigint,
    withdrawal_id bigint,
    withdrawal_micros bigint,
    at_millis bigint
);
