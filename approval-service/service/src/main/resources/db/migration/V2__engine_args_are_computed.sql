-- An engine's arguments follow from the settings and from what the session effectively may, which
-- changes with the sessions above it. They are computed when they are asked for.
ALTER TABLE session DROP COLUMN engine_args;
