-- Living grants in the order in which they are judged again, among any number of dead ones.
CREATE INDEX permission_grant_to_judge ON permission_grant (tenant, id) WHERE dead_at IS NULL;
