-- Grants that a person gives outside a prompt: for a tool or a resource of it, for a number of
-- uses, a session, a turn or until a time. A dead one stays as the record of itself.
ALTER TABLE permission_grant
  ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY,
  -- Whose calls it settles.
  ADD COLUMN user_id text,
  -- As in an override; null together with a digest, or for the whole tool.
  ADD COLUMN resource text,
  -- How often it may be used; null: as often as is wanted.
  ADD COLUMN uses integer CHECK (uses > 0),
  ADD COLUMN uses_left integer CHECK (uses_left >= 0),
  ADD COLUMN ends_at timestamptz,
  -- Why it died: used_up, expired, session_closed, policy, revoked or replaced.
  ADD COLUMN ended text,
  ADD COLUMN ended_by text,
  ALTER COLUMN session_id DROP NOT NULL,
  ALTER COLUMN request_id DROP NOT NULL,
  ALTER COLUMN digest DROP NOT NULL;

UPDATE permission_grant g SET user_id = s.owner
  FROM session s WHERE s.tenant = g.tenant AND s.id = g.session_id;
UPDATE permission_grant SET ended = 'policy' WHERE dead_at IS NOT NULL;

ALTER TABLE permission_grant
  ALTER COLUMN user_id SET NOT NULL,
  ADD CHECK ((dead_at IS NULL) = (ended IS NULL)),
  ADD CHECK ((uses IS NULL) = (uses_left IS NULL)),
  ADD CHECK (turn_id IS NULL OR session_id IS NOT NULL);

CREATE INDEX permission_grant_of_user ON permission_grant (tenant, user_id, seq);
CREATE INDEX permission_grant_of_all_sessions ON permission_grant (tenant, user_id)
  WHERE session_id IS NULL AND dead_at IS NULL;
CREATE INDEX permission_grant_ends ON permission_grant (ends_at) WHERE dead_at IS NULL;
CREATE INDEX permission_grant_dead ON permission_grant (dead_at) WHERE dead_at IS NOT NULL;
-- One living grant for the same thing; a resource may be longer than an index entry.
CREATE UNIQUE INDEX permission_grant_scope ON permission_grant
  (tenant, user_id, tool, md5(coalesce(resource, '')), coalesce(session_id, ''),
   coalesce(turn_id, ''))
  WHERE dead_at IS NULL AND digest IS NULL;
