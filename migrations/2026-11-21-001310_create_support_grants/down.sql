ALTER TABLE user_sessions DROP COLUMN support_grant_id, DROP COLUMN support_tenant_id;
DROP TABLE support_visits;
DROP TABLE support_grants;
DROP TYPE support_end;
