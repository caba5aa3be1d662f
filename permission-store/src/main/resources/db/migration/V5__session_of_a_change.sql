-- The session whose agent asked for a change; null where none did.
alter table permission_history add column session_id text;
