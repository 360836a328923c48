-- The size of an order at its first answer belongs to that answer: matching may have cut it by then
-- (self-trade, reduce-only), and an amendment changes it later.
alter table orders add column first_size_e8 bigint;
update orders set first_size_e8 = size_e8;
alter table orders alter column first_size_e8 set not null;
