CREATE OR REPLACE FUNCTION switchboard_queue_counts(reader uuid, sees_all boolean) RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    open_count integer;
    mine_count integer;
    unassigned_count integer;
BEGIN
    SELECT count(*) INTO mine_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant AND c.assignee_id = reader
          AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS mine;
    SELECT count(*) INTO unassigned_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant AND c.assignee_id IS NULL
          AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS unassigned;
    IF sees_all THEN
        SELECT count(*) INTO open_count FROM (
            SELECT FROM conversations c
            WHERE c.tenant_id = tenant
              AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS open;
    ELSE
        open_count := least(100, mine_count + unassigned_count);
    END IF;
    RETURN ARRAY[open_count, mine_count, unassigned_count];
END
$$;
COMMENT ON FUNCTION switchboard_queue_counts(uuid, boolean) IS
    'Open, mine and unassigned conversations, each counted to 100 at most: the counts beside the queues.';
DROP INDEX conversations_snoozed;
DROP INDEX conversations_open_by_team;
ALTER TABLE conversations
    DROP CONSTRAINT conversations_snoozed_until,
    DROP COLUMN snoozed_until,
    DROP COLUMN priority,
    DROP COLUMN team_id;
DROP TYPE conversation_priority;
