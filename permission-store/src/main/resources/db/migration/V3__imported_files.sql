-- Which files of the import folder were taken over, by content: a file that is only copied again,
-- with a new date, brings nothing back. Stays after an erase, for the same reason.
create table imported_file (
  tenant  text        not null,
  user_id text        not null,
  digest  text        not null,
  at      timestamptz not null,
  primary key (tenant, user_id, digest)
);
