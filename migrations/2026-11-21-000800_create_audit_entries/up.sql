CREATE TABLE audit_entries (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    actor_id    uuid,
    action      varchar(64) NOT NULL,
    entity      varchar(64) NOT NULL,
    entity_id   uuid,
    before      jsonb,
    after       jsonb,
    ip_address  text,
    request_id  uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_entries_of_entity ON audit_entries (tenant_id, entity, entity_id, id);
CREATE INDEX audit_entries_of_actor ON audit_entries (tenant_id, actor_id, id);
COMMENT ON TABLE audit_entries IS 'Who did what to which row, when, from where. Written once, never changed.';
COMMENT ON COLUMN audit_entries.actor_id IS 'NULL: the desk itself, in a job or on a webhook.';
SELECT switchboard_isolate('audit_entries');
REVOKE UPDATE, DELETE ON audit_entries FROM switchboard_app;

-- A transaction says once who acts ("user,ip,request", set with BEGIN by kit::db); entries read it from there.
CREATE FUNCTION switchboard_actor(part integer) RETURNS text LANGUAGE sql STABLE
    RETURN NULLIF(split_part(current_setting('app.actor', true), ',', part), '');
COMMENT ON FUNCTION switchboard_actor(integer) IS '1: the user''s id, 2: the address, 3: the request''s id; NULL when the desk itself acts.';
