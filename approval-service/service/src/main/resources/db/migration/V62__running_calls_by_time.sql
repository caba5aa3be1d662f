-- The latest calls that run in the background of a session, among any number never reported ended.
CREATE INDEX request_running_since ON request (tenant, session_id, decided_at DESC)
  WHERE effect = 'allow' AND execution = 'background' AND finished_at IS NULL;
DROP INDEX request_running;
