CREATE TABLE teams (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    name        varchar(100) NOT NULL CONSTRAINT teams_name_present CHECK (btrim(name) <> ''),
    description text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    PRIMARY KEY (tenant_id, id)
);
-- "Service" and "service" would be the same team to everybody who reads them.
CREATE UNIQUE INDEX teams_name_taken ON teams (tenant_id, lower(name)) WHERE deleted_at IS NULL;
COMMENT ON TABLE teams IS 'Groups of users; conversations are given to them, and their members see those.';
SELECT switchboard_isolate('teams');

CREATE TABLE team_members (
    tenant_id  uuid NOT NULL,
    team_id    uuid NOT NULL,
    user_id    uuid NOT NULL,
    is_lead    boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, team_id, user_id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX team_members_of_user ON team_members (tenant_id, user_id);
CREATE UNIQUE INDEX team_members_one_lead ON team_members (tenant_id, team_id) WHERE is_lead;
COMMENT ON TABLE team_members IS 'Who belongs to a team. Deleted users keep their rows, so that they are members again when they are restored.';
SELECT switchboard_isolate('team_members');
