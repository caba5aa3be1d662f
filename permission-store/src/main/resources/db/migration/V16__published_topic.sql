-- Which topic the published versions are of. One that was made anew has another id, and holds none.
create table published_topic (
  topic    text primary key,
  topic_id text not null
);

-- How far this database knows what is on that topic. What lies beyond was published by a later state
-- of the database than this one, if it is higher than what stands here: the database was set back.
create table published_offset (
  topic       text   not null,
  partition   int    not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

-- A published_version below 0 is to be published again. Such documents come after changed ones.
drop index user_permissions_unpublished;

create index user_permissions_unpublished
  on user_permissions ((published_version < 0), updated_at)
  where published_version < version;
