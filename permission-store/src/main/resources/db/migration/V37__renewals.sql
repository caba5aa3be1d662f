-- How often every document was to be published again, and how often all of them were marked so. They
-- are marked a page at a time; whoever finds the second number below the first goes on with it.
alter table published_topic
  add column renewal bigint not null default 0,
  add column renewed bigint not null default 0;
