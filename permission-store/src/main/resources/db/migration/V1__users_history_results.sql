-- What each user settled: one row per user, one document, one version.
-- A user needs no row anywhere else, so nothing here has a foreign key.

create table user_permissions (
  tenant            text        not null,
  user_id           text        not null,
  version           bigint      not null check (version >= 1),
  document          text        not null,
  -- True from an erase until the next change. The row stays, so versions go on.
  erased            boolean     not null default false,
  -- The highest version known to be on override.documents; lower than version: to be published.
  published_version bigint      not null default 0,
  updated_at        timestamptz not null,
  primary key (tenant, user_id)
);

create index user_permissions_unpublished
  on user_permissions (updated_at)
  where published_version < version;

-- Who changed what, when and through which way. Append-only, but for an erase, which empties texts.
create table permission_history (
  id               bigint generated always as identity primary key,
  tenant           text        not null,
  user_id          text        not null,
  version          bigint      not null,
  at               timestamptz not null,
  action           text        not null,
  -- False for a line that notes something without a new document, such as a used-up grant.
  changes_document boolean     not null default true,
  actor            text,
  via              text        not null,
  prompt_id        text,
  note             text,
  tool             text,
  resource         text,
  level            text,
  command_id       text,
  before_document  text,
  after_document   text
);

create unique index permission_history_version
  on permission_history (tenant, user_id, version)
  where changes_document;

create index permission_history_user on permission_history (tenant, user_id, id);

-- The reply to every command, byte for byte, so that a command sent again changes nothing. By user
-- first: nobody can use up the ids of another user's commands, and the user's lock covers them.
create table command_result (
  tenant     text        not null,
  user_id    text        not null,
  command_id text        not null,
  digest     text        not null,
  reply      bytea       not null,
  at         timestamptz not null,
  primary key (tenant, user_id, command_id)
);

create index command_result_at on command_result (at);
