CREATE TABLE webhook_events (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    session_id   uuid NOT NULL,
    event_id     varchar(128) NOT NULL,
    event        varchar(64) NOT NULL,
    payload      jsonb NOT NULL,
    had_nul      boolean NOT NULL DEFAULT false,
    received_at  timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    attempts     smallint NOT NULL DEFAULT 0,
    error        text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX webhook_events_once ON webhook_events (tenant_id, session_id, event_id);
CREATE INDEX webhook_events_waiting ON webhook_events (tenant_id, received_at) WHERE processed_at IS NULL;
-- For the platform, across tenants; within one the ids are in the order of time.
CREATE INDEX webhook_events_age ON webhook_events USING brin (received_at);
COMMENT ON TABLE webhook_events IS 'Everything WAHA told us, stored before it is answered; unknown events too.';
COMMENT ON COLUMN webhook_events.had_nul IS 'NUL characters were taken out: PostgreSQL cannot hold them and a refusal would lose the event.';
SELECT switchboard_isolate('webhook_events');
CREATE POLICY platform ON webhook_events FOR SELECT TO switchboard_platform USING (true);
GRANT SELECT (tenant_id, received_at, processed_at, attempts) ON webhook_events TO switchboard_platform;
