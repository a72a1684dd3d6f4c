CREATE TYPE conversation_priority AS ENUM ('none', 'low', 'medium', 'high', 'urgent');

ALTER TABLE conversations
    ADD COLUMN team_id uuid,
    ADD COLUMN priority conversation_priority NOT NULL DEFAULT 'none',
    ADD COLUMN snoozed_until timestamptz,
    ADD CONSTRAINT conversations_team_id_fkey FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
        ON DELETE SET NULL (team_id),
    ADD CONSTRAINT conversations_snoozed_until CHECK (snoozed_until IS NULL OR status = 'snoozed');
CREATE INDEX conversations_open_by_team ON conversations (tenant_id, team_id, last_message_at DESC, id DESC)
    WHERE status = 'open' AND kind = 'customer' AND deleted_at IS NULL;
CREATE INDEX conversations_snoozed ON conversations (tenant_id, last_message_at DESC, id DESC)
    WHERE status = 'snoozed' AND kind = 'customer' AND deleted_at IS NULL;
COMMENT ON COLUMN conversations.team_id IS 'Whose it is when nobody has taken it; its members see it.';
COMMENT ON COLUMN conversations.snoozed_until IS 'NULL in a snoozed one: until the customer writes.';

-- Beside its owner, somebody sees what is their teams'. The orders lead the planner, who does not know the reader's teams,
-- to the indexes: without them it reads the whole table.
CREATE OR REPLACE FUNCTION switchboard_queue_counts(reader uuid, sees_all boolean) RETURNS integer[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    own_teams uuid[] := ARRAY(SELECT m.team_id FROM team_members m WHERE m.tenant_id = tenant AND m.user_id = reader);
    open_count integer;
    mine_count integer;
    unassigned_count integer;
    snoozed_count integer;
BEGIN
    SELECT count(*) INTO mine_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant AND c.assignee_id = reader
          AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS mine;
    SELECT count(*) INTO unassigned_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant AND c.assignee_id IS NULL
          AND (sees_all OR c.team_id IS NULL OR c.team_id = ANY (own_teams))
          AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL
        ORDER BY c.last_message_at DESC, c.id DESC LIMIT 100) AS unassigned;
    IF sees_all THEN
        SELECT count(*) INTO open_count FROM (
            SELECT FROM conversations c
            WHERE c.tenant_id = tenant
              AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS open;
    ELSE
        SELECT count(*) INTO open_count FROM unnest(own_teams) AS team (id) CROSS JOIN LATERAL (
            SELECT FROM conversations c
            WHERE c.tenant_id = tenant AND c.team_id = team.id AND c.assignee_id <> reader
              AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL
            ORDER BY c.last_message_at DESC, c.id DESC LIMIT 100) AS colleagues;
        open_count := least(100, mine_count + unassigned_count + open_count);
    END IF;
    SELECT count(*) INTO snoozed_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant
          AND (sees_all OR c.assignee_id = reader OR c.team_id = ANY (own_teams)
               OR (c.assignee_id IS NULL AND c.team_id IS NULL))
          AND c.status = 'snoozed' AND c.kind = 'customer' AND c.deleted_at IS NULL
        ORDER BY c.last_message_at DESC, c.id DESC LIMIT 100) AS snoozed;
    RETURN ARRAY[open_count, mine_count, unassigned_count, snoozed_count];
END
$$;
COMMENT ON FUNCTION switchboard_queue_counts(uuid, boolean) IS
    'Open, mine, unassigned and snoozed conversations, each counted to 100 at most: the counts beside the queues.';
