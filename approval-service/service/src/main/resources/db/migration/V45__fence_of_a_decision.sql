-- Which managed rules are in force. One row, so that a decision can hold it and an import waits.
CREATE TABLE managed_fence (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  revision bigint NOT NULL
);
INSERT INTO managed_fence (revision) SELECT coalesce(max(revision), 0) FROM managed_rules;

-- What rows say, in short: after a failover to an older standby a version may stand for something
-- else than before.
ALTER TABLE session
  ADD COLUMN digest text GENERATED ALWAYS AS (md5(settings)) STORED;
ALTER TABLE override_projection
  ADD COLUMN digest text GENERATED ALWAYS AS (md5(document)) STORED;
ALTER TABLE custom_profile
  ADD COLUMN digest text GENERATED ALWAYS AS (md5(body)) STORED;
ALTER TABLE managed_rules
  ADD COLUMN digest text GENERATED ALWAYS AS (md5(body)) STORED;
