-- What is remembered of a session command belongs to whoever sent it, and to what it said: the same
-- id from somebody else is another command. What was remembered before named no sender, so it is
-- dropped; a command sent again is then carried out again, which changes nothing a second time.
TRUNCATE session_command;
ALTER TABLE session_command
  DROP CONSTRAINT session_command_pkey,
  ADD COLUMN sender text NOT NULL,
  ADD COLUMN acting_session text NOT NULL,
  ADD COLUMN digest text NOT NULL,
  ADD PRIMARY KEY (tenant, sender, acting_session, command_id);

-- A close came before any start, from somebody who may close only sessions of their own: it stands
-- for its sender alone, and a start by anybody else takes the row's place.
ALTER TABLE session ADD COLUMN closed_unstarted boolean NOT NULL DEFAULT false;

-- A change of a session concerns the open ones below it. Closed ones stay, and are never looked at.
DROP INDEX session_path;
CREATE INDEX session_open_path ON session USING gin (path) WHERE closed_at IS NULL;
