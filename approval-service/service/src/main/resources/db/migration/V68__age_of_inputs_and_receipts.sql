-- What an operator's retention looks for. Inputs that are there already count from now on.
ALTER TABLE request_input ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE request_input ALTER COLUMN stored_at SET DEFAULT clock_timestamp();
CREATE INDEX request_input_age ON request_input (stored_at);
CREATE INDEX request_decided_age ON request (decided_at) WHERE state = 'decided';
