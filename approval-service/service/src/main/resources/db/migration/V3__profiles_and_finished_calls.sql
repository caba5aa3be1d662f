-- Custom profiles. body is null once a profile was deleted: the row stays, so that versions go on
-- and an ETag never stands for two things.
CREATE TABLE custom_profile (
  tenant     text NOT NULL,
  name       text NOT NULL,
  owner      text NOT NULL,
  shared     boolean NOT NULL,
  body       text,
  version    bigint NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, name),
  CHECK (body IS NOT NULL OR NOT shared)
);
CREATE INDEX custom_profile_of ON custom_profile (tenant, owner) WHERE body IS NOT NULL;

-- The profile a session names itself, so that those that use a custom one are found.
ALTER TABLE session
  ADD COLUMN profile text GENERATED ALWAYS AS ((settings::jsonb) ->> 'profile') STORED;
CREATE INDEX session_custom_profile ON session (tenant, profile) WHERE profile LIKE 'custom(%';

-- When an allowed call ended, as its agent reported. It changes no decision.
ALTER TABLE request
  ADD COLUMN finished_at timestamptz,
  ADD COLUMN finished_how text;
CREATE INDEX request_running ON request (tenant, session_id)
  WHERE effect = 'allow' AND execution = 'background' AND finished_at IS NULL;
