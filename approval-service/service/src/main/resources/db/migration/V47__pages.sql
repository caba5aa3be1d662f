-- Lists read a page, not everything there ever was.
--
-- A page of what happened to a user's grants, among any number of things that happened.
CREATE INDEX permission_grant_given ON permission_grant
  (tenant, user_id, given_at DESC, (id || ' 1') DESC);
CREATE INDEX permission_grant_ended ON permission_grant
  (tenant, user_id, dead_at DESC, (id || ' 2') DESC) WHERE dead_at IS NOT NULL;

-- Profiles by name: all of a tenant, a person's own, and those that everybody sees.
CREATE INDEX custom_profile_present ON custom_profile (tenant, name) WHERE body IS NOT NULL;
CREATE INDEX custom_profile_own ON custom_profile (tenant, owner, name) WHERE body IS NOT NULL;
CREATE INDEX custom_profile_shared ON custom_profile (tenant, name)
  WHERE shared AND body IS NOT NULL;
DROP INDEX custom_profile_of;
