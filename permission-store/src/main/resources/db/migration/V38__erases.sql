-- Whether a user's history knows of an erase is asked of each document that is read from the topic, and
-- the history may be long.
create index permission_history_erases
  on permission_history (tenant, user_id, version)
  where action = 'erase';
