-- The transaction that decided, so that receipts are paged in an order to which nothing is added
-- behind: all below the oldest transaction that still runs are final. 0: before this was noted.
ALTER TABLE request ADD COLUMN decided_xid bigint;
UPDATE request SET decided_xid = 0 WHERE state = 'decided';
ALTER TABLE request ADD CHECK ((state = 'decided') = (decided_xid IS NOT NULL));

-- Pages of receipts: of a tenant, an owner, a session.
CREATE INDEX request_decided ON request (tenant, decided_xid, seq) WHERE state = 'decided';
CREATE INDEX request_decided_of_owner ON request (tenant, owner, decided_xid, seq)
  WHERE state = 'decided';
CREATE INDEX request_decided_in_session ON request (tenant, session_id, decided_xid, seq)
  WHERE state = 'decided';
DROP INDEX request_by_owner;
DROP INDEX request_by_session;

-- What is undecided is looked for all the time, among any number of decided ones.
DROP INDEX request_undecided;
CREATE INDEX request_undecided ON request (tenant, seq) WHERE state <> 'decided';
CREATE INDEX request_undecided_of_owner ON request (tenant, owner, seq) WHERE state <> 'decided';
CREATE INDEX request_undecided_in_session ON request (tenant, session_id, seq)
  WHERE state <> 'decided';
CREATE INDEX request_open ON request (seq) WHERE state = 'open';
CREATE INDEX request_settling ON request (seq) WHERE state = 'settling';

-- Living grants among any number of dead ones.
CREATE INDEX permission_grant_living ON permission_grant (tenant, user_id, seq)
  WHERE dead_at IS NULL;
