CREATE TYPE tenant_status AS ENUM ('active', 'inactive');

CREATE TABLE tenants (
    id          uuid PRIMARY KEY,
    name        varchar(100) NOT NULL CONSTRAINT tenants_name_present CHECK (btrim(name) <> ''),
    slug        varchar(63) NOT NULL CONSTRAINT tenants_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    status      tenant_status NOT NULL DEFAULT 'active',
    description text,
    settings    jsonb NOT NULL DEFAULT '{}',
    time_zone   text NOT NULL DEFAULT 'UTC',
    locale      text NOT NULL DEFAULT 'en',
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz
);
CREATE UNIQUE INDEX tenants_name_taken ON tenants (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX tenants_slug_taken ON tenants (slug) WHERE deleted_at IS NULL;
COMMENT ON TABLE tenants IS 'Organisations; the boundary that no data crosses.';

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants TO switchboard_app
    USING (id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY platform ON tenants TO switchboard_platform USING (true);
GRANT SELECT, UPDATE ON tenants TO switchboard_app;
GRANT SELECT, INSERT, UPDATE ON tenants TO switchboard_platform;

-- Platform administrators are users too, and a user has a tenant: this one, which owns nothing else.
INSERT INTO tenants (id, name, slug) VALUES ('00000000-0000-0000-0000-000000000000', 'Platform', 'platform');
