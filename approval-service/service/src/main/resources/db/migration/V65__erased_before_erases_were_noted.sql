-- Whose document was erased before erases were noted: the store tells of that erase again with every
-- key and every topic, and it must not erase what came after it each time. What quotes the document
-- is erased once, up to this moment; grants stay.
INSERT INTO erasure (tenant, user_id, version, before_xid)
  SELECT tenant, user_id, version, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
  FROM override_projection WHERE document IS NULL AND version <> 0
  ON CONFLICT DO NOTHING;

INSERT INTO erasure_waiting (tenant, session_id, request_id)
  SELECT r.tenant, r.session_id, r.request_id
  FROM erasure e JOIN request r ON r.tenant = e.tenant AND r.owner = e.user_id
  WHERE NOT e.done AND (r.state <> 'decided' OR r.published_rev < r.rev)
  ON CONFLICT DO NOTHING;
