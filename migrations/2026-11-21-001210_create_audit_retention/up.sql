-- Entries end in one way only: their tenant's retention, read here and not told by the caller, has passed.
CREATE FUNCTION switchboard_purge_audit(of_tenant uuid, entry uuid, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept integer;
    until timestamptz;
    gone bigint;
    was text := COALESCE(current_setting('app.tenant_id', true), '');
BEGIN
    -- Policies bind the owner as a member of switchboard_app. The setting is given back by hand: an ordinary owner may
    -- not name it in the function's own SET.
    PERFORM set_config('app.tenant_id', of_tenant::text, true);
    SELECT (tenant.settings ->> 'audit_retention_days')::integer INTO kept
      FROM public.tenants AS tenant WHERE tenant.id = of_tenant;
    IF kept IS NULL THEN
        PERFORM set_config('app.tenant_id', was, true);
        RETURN 0;
    END IF;
    IF kept < 30 THEN
        RAISE EXCEPTION 'audit entries are kept for 30 days at least, not for %', kept USING errcode = '22023';
    END IF;
    until := now() - make_interval(days => kept);
    WITH old AS (
        SELECT audit.id FROM public.audit_entries AS audit
         WHERE audit.tenant_id = of_tenant AND audit.created_at < until
           -- The first id of that millisecond: the primary key is read from its beginning, and no further.
           AND audit.id < (lpad(to_hex((extract(epoch FROM until) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
         ORDER BY audit.id LIMIT most
    )
    DELETE FROM public.audit_entries AS audit USING old WHERE audit.tenant_id = of_tenant AND audit.id = old.id;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN
        INSERT INTO public.audit_entries (tenant_id, id, action, entity, after)
        VALUES (of_tenant, entry, 'purged', 'audit_entries', jsonb_build_object('count', gone, 'until', until, 'kept_days', kept));
    END IF;
    PERFORM set_config('app.tenant_id', was, true);
    RETURN gone;
END;
$$;
COMMENT ON FUNCTION switchboard_purge_audit IS
    'Deletes at most that many of the tenant''s entries whose time is up, and leaves one (of the given id) with their count.';
REVOKE ALL ON FUNCTION switchboard_purge_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_purge_audit TO switchboard_platform;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'switchboard_app', 'USAGE') THEN
        RAISE EXCEPTION 'the role switchboard_app must be granted to % WITH INHERIT: without it no audit entry could be purged',
            current_user;
    END IF;
END
$$;
