CREATE FUNCTION switchboard_forget_calls(
    of_tenant uuid, of_erasure uuid, people uuid[], words text[], keeps boolean
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    theirs uuid[];
    counts jsonb;
BEGIN
    PERFORM switchboard_erasing(of_tenant, of_erasure);
    SELECT COALESCE(array_agg(call.id), '{}') INTO theirs FROM calls AS call
     WHERE call.tenant_id = of_tenant AND (call.customer_id = ANY (people) OR call.chat_id = ANY (words));
    counts := jsonb_build_object('audit_entries', switchboard_forget_audited(of_tenant, of_erasure, theirs));
    IF keeps THEN
        -- That somebody called, when and for how long stays, as their messages do.
        UPDATE calls AS call SET chat_id = NULL, waha_call_id = NULL, note = NULL, updated_at = now()
         WHERE call.tenant_id = of_tenant AND call.id = ANY (theirs);
    ELSE
        DELETE FROM calls AS call WHERE call.tenant_id = of_tenant AND call.id = ANY (theirs);
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN counts || jsonb_build_object('calls', changed);
END
$$;
COMMENT ON FUNCTION switchboard_forget_calls(uuid, uuid, uuid[], text[], boolean) IS
    'Part of the end of an erasure: deletes calls with these people, or keeps that they were and nothing else of them.';
