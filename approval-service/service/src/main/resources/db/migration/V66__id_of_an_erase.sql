-- Which erase it was, as the store names it: another database of the store may give the same version
-- to another erase. Null for one of before erases had ids.
ALTER TABLE erasure ADD COLUMN erasure_id text;
