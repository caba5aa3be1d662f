-- What a request would make of its user's document; for one version of it only. command_id is of
-- the command that stores it because it only tightens; null where a person is asked, whose answer
-- has the command. document and shown hold what the user settled: erased with the input.
CREATE TABLE document_edit (
  tenant          text NOT NULL,
  session_id      text NOT NULL,
  request_id      text NOT NULL,
  shown           bytea NOT NULL,
  document        bytea NOT NULL,
  command_id      text,
  settling_since  timestamptz,
  command_sent_at timestamptz,
  PRIMARY KEY (tenant, session_id, request_id)
);
CREATE UNIQUE INDEX document_edit_command ON document_edit (tenant, command_id)
  WHERE command_id IS NOT NULL;
