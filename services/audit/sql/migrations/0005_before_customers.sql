-- A customer's records are found by the customer alone: equal keys share an entry, and the order of
-- recording is that of the table.
drop index record_by_customer;
create index record_by_customer on record (customer);
