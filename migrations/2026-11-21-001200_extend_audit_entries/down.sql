DROP INDEX audit_entries_of_desk;
DROP INDEX audit_entries_of_webhooks;
DROP INDEX audit_entries_of_jobs;
DROP INDEX audit_entries_of_api_tokens;
DROP INDEX audit_entries_of_support;
DROP INDEX audit_entries_of_action;
DROP INDEX audit_entries_of_row;
DROP INDEX audit_entries_of_entity;
CREATE INDEX audit_entries_of_entity ON audit_entries (tenant_id, entity, entity_id, id);
ALTER TABLE audit_entries
    ALTER COLUMN actor_id DROP DEFAULT,
    ALTER COLUMN ip_address DROP DEFAULT,
    ALTER COLUMN request_id DROP DEFAULT,
    DROP COLUMN via,
    DROP COLUMN actor_kind;
DROP FUNCTION switchboard_actor_kind();
DROP TYPE actor_kind;
COMMENT ON COLUMN audit_entries.actor_id IS 'NULL: the desk itself, in a job or on a webhook.';
COMMENT ON FUNCTION switchboard_actor(integer) IS '1: the user''s id, 2: the address, 3: the request''s id; NULL when the desk itself acts.';
