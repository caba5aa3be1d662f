-- Whose document was erased, by which version of it. A version below 0 is one of an earlier topic.
-- Until it is done, receipts are gone through in their order, (decided_xid, seq), up to the first
-- transaction that knew of the erase.
CREATE TABLE erasure (
  tenant     text NOT NULL,
  user_id    text NOT NULL,
  version    bigint NOT NULL,
  after_xid  bigint NOT NULL DEFAULT -1,
  after_seq  bigint NOT NULL DEFAULT 0,
  before_xid bigint NOT NULL,
  done       boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, user_id)
);
CREATE INDEX erasure_to_do ON erasure (tenant, user_id) WHERE NOT done;

-- Their requests that were not decided, or not told, when the erase came: they are still needed,
-- and lose their texts as soon as they are not.
CREATE TABLE erasure_waiting (
  tenant     text NOT NULL,
  session_id text NOT NULL,
  request_id text NOT NULL,
  PRIMARY KEY (tenant, session_id, request_id)
);
