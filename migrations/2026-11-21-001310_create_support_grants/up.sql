CREATE TYPE support_end AS ENUM ('tenant', 'platform', 'time');

CREATE TABLE support_grants (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    granted_by uuid,
    reason     varchar(500) NOT NULL CONSTRAINT support_grants_reason_present CHECK (btrim(reason) <> ''),
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    ended_by   support_end,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, granted_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (granted_by),
    CONSTRAINT support_grants_72_hours CHECK (expires_at <= created_at + interval '72 hours 1 minute'),
    CONSTRAINT support_grants_ended_by_somebody CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX support_grants_one_open ON support_grants (tenant_id) WHERE ended_at IS NULL;
COMMENT ON TABLE support_grants IS 'A tenant lets the platform''s administrators read for some hours. One may stand at a time; one whose time is up is ended when the next is given.';
COMMENT ON COLUMN support_grants.ended_by IS 'Who ended it before its time; the audit log names the person.';
SELECT switchboard_isolate('support_grants');
CREATE POLICY platform ON support_grants TO switchboard_platform USING (true);
GRANT SELECT ON support_grants TO switchboard_platform;
GRANT UPDATE (ended_at, ended_by, updated_at) ON support_grants TO switchboard_platform;

CREATE TABLE support_visits (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    grant_id   uuid NOT NULL,
    session_id uuid NOT NULL,
    visitor    varchar(101) NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    left_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES support_grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX support_visits_of_grant ON support_visits (tenant_id, grant_id, id);
CREATE UNIQUE INDEX support_visits_one_per_session ON support_visits (tenant_id, session_id) WHERE left_at IS NULL;
COMMENT ON TABLE support_visits IS 'A platform administrator''s browser inside a tenant, from entering to leaving.';
COMMENT ON COLUMN support_visits.session_id IS 'Of the platform''s own tenant, so no foreign key can say so.';
COMMENT ON COLUMN support_visits.visitor IS 'The name as it was: the tenant cannot look platform administrators up.';
SELECT switchboard_isolate('support_visits');
CREATE POLICY platform ON support_visits TO switchboard_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON support_visits TO switchboard_platform;

ALTER TABLE user_sessions
    ADD COLUMN support_tenant_id uuid,
    ADD COLUMN support_grant_id uuid,
    ADD CONSTRAINT user_sessions_support_is_whole CHECK ((support_tenant_id IS NULL) = (support_grant_id IS NULL)),
    ADD CONSTRAINT user_sessions_platform_visits CHECK (
        support_tenant_id IS NULL OR tenant_id = '00000000-0000-0000-0000-000000000000');
COMMENT ON COLUMN user_sessions.support_grant_id IS 'The support access that a platform administrator''s session is using.';
