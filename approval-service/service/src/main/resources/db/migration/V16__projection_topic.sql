-- Which topic the projection's offsets and versions are of. One that was made anew has another id,
-- also where its offsets have already grown past the ones noted here.
CREATE TABLE projection_topic (
  topic    text PRIMARY KEY,
  topic_id text NOT NULL
);
