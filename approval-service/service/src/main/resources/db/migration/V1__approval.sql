-- Sessions. settings holds the session's own settings after ceilings (JSON); path its ancestors,
-- root first. version grows with every change of the session or of an ancestor.
CREATE TABLE session (
  tenant      text NOT NULL,
  id          text NOT NULL,
  owner       text NOT NULL,
  parent      text,
  path        text[] NOT NULL,
  settings    text NOT NULL,
  mode_source text NOT NULL,
  engine_args text[] NOT NULL DEFAULT '{}',
  warnings    text[] NOT NULL DEFAULT '{}',
  version     bigint NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at   timestamptz,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX session_path ON session USING gin (path);

-- What was answered to a session command, so that the same command sent again changes nothing.
CREATE TABLE session_command (
  tenant     text NOT NULL,
  command_id text NOT NULL,
  reply      bytea NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, command_id)
);
CREATE INDEX session_command_age ON session_command (handled_at);

-- The latest document of each user, fed by override.replies and override.documents.
CREATE TABLE override_projection (
  tenant   text NOT NULL,
  user_id  text NOT NULL,
  version  bigint NOT NULL,
  document bytea,
  PRIMARY KEY (tenant, user_id)
);

-- How far override.documents is contained in the projection.
CREATE TABLE projection_offset (
  topic       text NOT NULL,
  partition   integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);

CREATE TABLE managed_rules (
  revision    bigint PRIMARY KEY,
  body        text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Requests. A decided row is the receipt. digest and tool are null where a cancel came first.
CREATE TABLE request (
  tenant           text NOT NULL,
  session_id       text NOT NULL,
  request_id       text NOT NULL,
  seq              bigint GENERATED ALWAYS AS IDENTITY,
  owner            text NOT NULL,
  tool             text,
  digest           text,
  turn_id          text,
  claimed_mode     text,
  agent_asks       text,
  state            text NOT NULL CHECK (state IN ('open', 'settling', 'decided')),
  requested_at     timestamptz NOT NULL,
  reply_topic      text NOT NULL,
  reply_to         text,
  source_partition integer NOT NULL,
  source_offset    bigint NOT NULL,
  fence_managed    bigint NOT NULL,
  fence_document   bigint NOT NULL,
  fence_session    bigint NOT NULL,
  mode             text,
  trace            text NOT NULL DEFAULT '',
  prompt_id        text,
  deadline         timestamptz,
  effect           text CHECK (effect IN ('allow', 'deny')),
  decided_by       text,
  code             text,
  reason           text,
  rule             text,
  decided_user     text,
  feedback         text,
  edited_input     bytea,
  execution        text,
  unproven         boolean NOT NULL DEFAULT false,
  decided_at       timestamptz,
  rev              bigint NOT NULL,
  published_rev    bigint NOT NULL,
  PRIMARY KEY (tenant, session_id, request_id),
  CHECK ((state = 'decided') = (decided_at IS NOT NULL)),
  CHECK ((state = 'decided') = (effect IS NOT NULL)),
  CHECK ((decided_by = 'user') = (decided_user IS NOT NULL))
);
CREATE UNIQUE INDEX request_prompt ON request (tenant, prompt_id) WHERE prompt_id IS NOT NULL;
CREATE INDEX request_deadline ON request (deadline) WHERE state = 'open';
CREATE INDEX request_undecided ON request (tenant, session_id) WHERE state <> 'decided';
CREATE INDEX request_unpublished ON request (seq) WHERE published_rev < rev;
CREATE INDEX request_by_owner ON request (tenant, owner, seq);
CREATE INDEX request_by_id ON request (tenant, request_id);
CREATE INDEX request_by_session ON request (tenant, session_id, seq);

-- The tool call as it was sent (JSON): the only place that holds inputs, so they can be erased.
CREATE TABLE request_input (
  tenant     text NOT NULL,
  session_id text NOT NULL,
  request_id text NOT NULL,
  call       bytea NOT NULL,
  PRIMARY KEY (tenant, session_id, request_id)
);

-- What a person is asked, and what they chose.
CREATE TABLE prompt (
  tenant          text NOT NULL,
  id              text NOT NULL,
  reason          text NOT NULL,
  options         bytea NOT NULL,
  opened_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  answer_id       text,
  answer_reply_to text,
  answered_by     text,
  option_id       text,
  feedback        text,
  command_id      text,
  settling_since  timestamptz,
  command_sent_at timestamptz,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX prompt_command ON prompt (tenant, command_id) WHERE command_id IS NOT NULL;

-- Approvals that a person gave for a turn or a session. A dead one does not revive.
CREATE TABLE permission_grant (
  tenant         text NOT NULL,
  id             text NOT NULL,
  session_id     text NOT NULL,
  request_id     text NOT NULL,
  turn_id        text,
  tool           text NOT NULL,
  digest         text NOT NULL,
  given_by       text NOT NULL,
  given_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  fence_managed  bigint NOT NULL,
  fence_document bigint NOT NULL,
  fence_session  bigint NOT NULL,
  dead_at        timestamptz,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX permission_grant_alive ON permission_grant (tenant, session_id) WHERE dead_at IS NULL;
