DROP FUNCTION switchboard_isolate(regclass);
REVOKE SELECT ON __diesel_schema_migrations FROM switchboard_platform;
REVOKE USAGE ON SCHEMA public FROM switchboard_app, switchboard_platform, switchboard_search;
-- The roles stay: other databases of the cluster may use them.
