ALTER TABLE tenants
    ADD COLUMN max_users integer CONSTRAINT tenants_max_users_range CHECK (max_users BETWEEN 1 AND 1000000),
    ADD COLUMN max_numbers integer CONSTRAINT tenants_max_numbers_range CHECK (max_numbers BETWEEN 0 AND 1000000),
    ADD COLUMN max_messages_per_day integer
        CONSTRAINT tenants_max_messages_per_day_range CHECK (max_messages_per_day BETWEEN 0 AND 1000000000),
    ADD COLUMN max_storage_bytes bigint CONSTRAINT tenants_max_storage_bytes_range CHECK (max_storage_bytes >= 0);
COMMENT ON COLUMN tenants.max_users IS 'Active accounts, invited ones among them; NULL, as in the other limits: as many as wanted.';
COMMENT ON COLUMN tenants.max_messages_per_day IS 'Messages written here on one day of the tenant''s time zone.';
COMMENT ON COLUMN tenants.max_storage_bytes IS 'Files of messages kept.';

-- The platform decides what a tenant is called, whether it is at work and what it may use; the tenant the rest.
REVOKE UPDATE ON tenants FROM switchboard_app;
GRANT UPDATE (description, time_zone, locale, settings, updated_at) ON tenants TO switchboard_app;

CREATE TABLE tenant_days (
    tenant_id       uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    day             date NOT NULL,
    messages_queued integer NOT NULL DEFAULT 0,
    messages_in     integer NOT NULL DEFAULT 0,
    messages_out    integer NOT NULL DEFAULT 0,
    counted_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, day)
);
COMMENT ON TABLE tenant_days IS 'How much was written on each day of the tenant''s time zone, so that nobody counts messages to show a figure.';
COMMENT ON COLUMN tenant_days.messages_queued IS 'Written here, to the message: counted in the transaction that queues it. The limit is about these.';
COMMENT ON COLUMN tenant_days.messages_in IS 'As a job counted them some minutes ago, as messages_out: a row that each webhook changed would make all of a tenant''s webhooks wait for one another.';
COMMENT ON COLUMN tenant_days.counted_at IS 'NULL until the job was there; it begins again with the last day that it counted.';
SELECT switchboard_isolate('tenant_days');
CREATE POLICY platform ON tenant_days TO switchboard_platform USING (true);
GRANT SELECT ON tenant_days TO switchboard_platform;

CREATE TABLE tenant_storage (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    bytes      bigint NOT NULL DEFAULT 0 CONSTRAINT tenant_storage_not_negative CHECK (bytes >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE tenant_storage IS 'Bytes of files kept, changed in the transaction that notes where a file is.';
SELECT switchboard_isolate('tenant_storage');
CREATE POLICY platform ON tenant_storage TO switchboard_platform USING (true);
GRANT SELECT ON tenant_storage TO switchboard_platform;
