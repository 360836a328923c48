package io.perpetua.accounts.domain.ledger;

import io.perpetua.contracts.value.Usd;

/** An amount on a house account; positive is credited to it. */
public record HousePosting(HouseAccount account, Usd amount) {}
