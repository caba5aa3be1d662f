-- Which erase it was: a database that was made anew, or set back, gives the same version again. Null
-- for one of before erases had ids.
alter table user_permissions add column erasure_id text;
