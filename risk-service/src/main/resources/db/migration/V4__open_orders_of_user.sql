-- HTTP asks for a user's orders. A shard's owner reads them all: there is nothing but open orders
-- in the table, so an index by shard would cost every order and save no takeover anything.
drop index open_orders_of_subaccount;
drop index open_orders_of_shard;
create index open_orders_of_user on open_orders (user_id);
