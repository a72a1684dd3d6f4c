CREATE INDEX conversations_open_by_waiting ON conversations (tenant_id, waiting_since, id)
    WHERE status = 'open' AND kind = 'customer' AND deleted_at IS NULL;
CREATE INDEX conversations_open_by_priority ON conversations (tenant_id, priority DESC, last_message_at DESC, id DESC)
    WHERE status = 'open' AND kind = 'customer' AND deleted_at IS NULL;

CREATE FUNCTION switchboard_team_counts(teams uuid[]) RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    counted integer;
    counts integer[] := '{}';
    team uuid;
BEGIN
    FOREACH team IN ARRAY teams LOOP
        SELECT count(*) INTO counted FROM (
            SELECT FROM conversations c
            WHERE c.tenant_id = tenant AND c.team_id = team
              AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL
            ORDER BY c.last_message_at DESC, c.id DESC LIMIT 100) AS theirs;
        counts := counts || counted;
    END LOOP;
    RETURN counts;
END
$$;
COMMENT ON FUNCTION switchboard_team_counts(uuid[]) IS
    'Open conversations of each of these teams, each counted to 100 at most, in the order of the teams.';
