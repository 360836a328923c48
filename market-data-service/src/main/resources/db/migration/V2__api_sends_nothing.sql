-- This service's HTTP side sends no events by itself: what could be written through it must not be
-- able to forge one, nor to disturb the ids that gateways issue.
revoke all on channel, outbox, gateway from market_data_api;
revoke all on sequence outbox_batch from market_data_api;
