-- Roles belong to the whole cluster, so another database may have made them already.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['switchboard_app', 'switchboard_platform', 'switchboard_search'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                IF wanted = 'switchboard_search' THEN
                    ALTER ROLE switchboard_search BYPASSRLS;
                END IF;
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL; -- another database was first
            END;
        END IF;
        BEGIN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        EXCEPTION
            WHEN insufficient_privilege THEN
                -- Whoever prepared the roles may have granted them without the right to pass them on.
                IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
                    RAISE;
                END IF;
        END;
    END LOOP;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the user % may not create roles: let a superuser run the statements of README.md, "Database"',
            current_user;
END
$$;

GRANT USAGE ON SCHEMA public TO switchboard_app, switchboard_platform, switchboard_search;
-- /readyz and the doctor look whether a migration is missing.
GRANT SELECT ON __diesel_schema_migrations TO switchboard_platform;

-- The tenant of the running transaction. Unset, or left '' by an earlier transaction, it is NULL and matches no row.
CREATE FUNCTION switchboard_isolate(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    -- (SELECT …) makes it one evaluation per query instead of one per row.
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO switchboard_app '
        'USING (tenant_id = (SELECT NULLIF(current_setting(''app.tenant_id'', true), '''')::uuid))', target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO switchboard_app', target);
END
$$;
REVOKE EXECUTE ON FUNCTION switchboard_isolate(regclass) FROM PUBLIC;
COMMENT ON FUNCTION switchboard_isolate(regclass) IS
    'Migrations call it once per tenant table: row level security, forced, with the one tenant policy and the grants.';
