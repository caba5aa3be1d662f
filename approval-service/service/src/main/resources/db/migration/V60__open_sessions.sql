-- Open sessions are counted before another one is started below them; closed ones cost nothing.
CREATE INDEX session_open_below_root ON session (tenant, (path[1])) WHERE closed_at IS NULL;
CREATE INDEX session_open_below_parent ON session (tenant, parent) WHERE closed_at IS NULL;
