-- The version that the latest erase made; null if there was none. It goes with every later document,
-- so that whoever missed the tombstone still hears of the erase.
alter table user_permissions add column erased_version bigint;

update user_permissions set erased_version = version where erased;
