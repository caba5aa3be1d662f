-- Which key the published documents are signed with. Another one: all are published again.
alter table published_topic add column key_id text not null default '';
