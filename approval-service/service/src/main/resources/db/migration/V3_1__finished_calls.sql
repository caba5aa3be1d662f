-- When an allowed call ended, as its agent reported. It changes no decision.
ALTER TABLE request
  ADD COLUMN finished_at timestamptz,
  ADD COLUMN finished_how text;
CREATE INDEX request_running ON request (tenant, session_id)
  WHERE effect = 'allow' AND execution = 'background' AND finished_at IS NULL;
