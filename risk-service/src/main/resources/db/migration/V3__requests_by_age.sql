-- Order ids carry their time: the oldest requests are found by this, to be forgotten.
create index requests_by_age on requests (order_id);

comment on table requests is
    'Placements under client order ids, for as long as the service promises and while their order'
    ' is open: the same content is a repeat, other content is refused. content_hash is over what'
    ' the client asked for.';
