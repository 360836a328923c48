-- Settlements are of trades or of a transfer; transfer_micros is due to the account when positive.
alter table settlements
    alter column market_id drop not null,
    alter column first_trade_id drop not null,
    alter column last_trade_id drop not null,
    alter column fills drop not null,
    alter column notional_micros drop not null,
    alter column realised_micros drop not null,
    alter column fee_micros drop not null,
    add column transfer_id bigint,
    add column counterpart_id bigint,
    add column transfer_micros bigint,
    add constraint settlement_is_of_trades_or_of_a_transfer check (
        num_nulls(market_id, first_trade_id, last_trade_id, fills, notional_micros,
            realised_micros, fee_micros) = 0
        and num_nonnulls(transfer_id, counterpart_id, transfer_micros) = 0
        or num_nonnulls(market_id, first_trade_id, last_trade_id, fills, notional_micros,
            realised_micros, fee_micros) = 0
        and num_nulls(transfer_id, counterpart_id, transfer_micros) = 0);

comment on table requests is
    'Placements under client order ids, and transfers under client transfer ids (behind'
    ' "transfer "), for as long as the service promises and while their order is open: the same'
    ' content is a repeat, other content is refused. content_hash is over what the client asked'
    ' for.';

create type transfer_row as (
    subaccount_id bigint,
    sequence bigint,
    user_id bigint,
    transfer_id bigint,
    counterpart_id bigint,
    transfer_micros bigint,
    at_millis bigint
);
