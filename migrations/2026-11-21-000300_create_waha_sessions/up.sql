CREATE TYPE number_status AS ENUM ('starting', 'scan_qr', 'working', 'failed', 'stopped');
CREATE TYPE number_wish AS ENUM ('run', 'stop');
CREATE TYPE waha_engine AS ENUM ('WEBJS', 'WPP', 'NOWEB', 'GOWS');

CREATE TABLE waha_sessions (
    tenant_id           uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id                  uuid NOT NULL,
    name                varchar(100) NOT NULL CONSTRAINT waha_sessions_name_present CHECK (btrim(name) <> ''),
    external_session_id varchar(255) NOT NULL
        CONSTRAINT waha_sessions_external_form CHECK (external_session_id ~ '^[A-Za-z0-9_-]+$'),
    status              number_status NOT NULL DEFAULT 'stopped',
    wanted              number_wish NOT NULL DEFAULT 'run',
    engine              waha_engine NOT NULL,
    metadata            jsonb NOT NULL DEFAULT '{}',
    config              jsonb NOT NULL DEFAULT '{}',
    phone               varchar(20),
    push_name           text,
    lid                 text,
    last_activity_at    timestamptz,
    last_ack_at         timestamptz,
    last_sent_at        timestamptz,
    status_changed_at   timestamptz NOT NULL DEFAULT now(),
    status_event_at     timestamptz,
    error_message       text,
    hmac_key            bytea NOT NULL,
    waha_url            text,
    waha_api_key        bytea,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    deleted_at          timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX waha_sessions_external_taken ON waha_sessions (tenant_id, external_session_id)
    WHERE deleted_at IS NULL;
CREATE INDEX waha_sessions_status ON waha_sessions (tenant_id, status);
-- A webhook names a number before it names a tenant.
CREATE UNIQUE INDEX waha_sessions_routing ON waha_sessions (id);
COMMENT ON TABLE waha_sessions IS 'WhatsApp numbers; WAHA calls them sessions, pages say "number".';
COMMENT ON COLUMN waha_sessions.status IS 'What WAHA reports; its own word is kept in metadata.';
COMMENT ON COLUMN waha_sessions.wanted IS 'What we want; survives restarts of WAHA and is restored by a job.';
COMMENT ON COLUMN waha_sessions.status_event_at IS 'Time of the newest session.status event; older ones that come late change nothing.';
COMMENT ON COLUMN waha_sessions.last_sent_at IS 'When a message was last taken for sending; the next one keeps its distance.';
COMMENT ON COLUMN waha_sessions.hmac_key IS 'Sealed by kit::vault, bound to this row.';
COMMENT ON COLUMN waha_sessions.waha_api_key IS 'Sealed by kit::vault, bound to this row; NULL means the default gateway''s key.';

SELECT switchboard_isolate('waha_sessions');
CREATE POLICY platform ON waha_sessions FOR SELECT TO switchboard_platform USING (true);
GRANT SELECT ON waha_sessions TO switchboard_platform;
