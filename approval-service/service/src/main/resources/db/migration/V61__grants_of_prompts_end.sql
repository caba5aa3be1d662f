-- Grants that answer prompts end by themselves: for a turn after a day, for a session after 30.
UPDATE permission_grant
  SET ends_at = given_at
    + CASE WHEN turn_id IS NULL THEN interval '30 days' ELSE interval '1 day' END
  WHERE digest IS NOT NULL AND dead_at IS NULL AND ends_at IS NULL;
