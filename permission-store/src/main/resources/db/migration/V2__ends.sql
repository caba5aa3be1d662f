-- When the first of what a user settled until a time ends: the document goes on without it then.
alter table user_permissions add column next_end timestamptz;

create index user_permissions_ends on user_permissions (next_end) where next_end is not null;
