CREATE TYPE user_role AS ENUM ('PLATFORM_ADMIN', 'TENANT_ADMIN', 'MANAGER', 'AGENT', 'AUDITOR');

CREATE TABLE users (
    tenant_id     uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id            uuid NOT NULL,
    email         varchar(255) NOT NULL CONSTRAINT users_email_form CHECK (email = lower(email) AND email LIKE '_%@_%'),
    password_hash varchar(255),
    first_name    varchar(50) NOT NULL,
    last_name     varchar(50) NOT NULL,
    role          user_role NOT NULL,
    is_active     boolean NOT NULL DEFAULT true,
    is_verified   boolean NOT NULL DEFAULT false,
    company_name  varchar(100),
    last_login_at timestamptz,
    preferences   jsonb NOT NULL DEFAULT '{}',
    time_zone     text,
    locale        text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    deleted_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT users_platform_role_and_tenant_agree
        CHECK ((role = 'PLATFORM_ADMIN') = (tenant_id = '00000000-0000-0000-0000-000000000000'))
);
CREATE UNIQUE INDEX users_email_taken ON users (tenant_id, email) WHERE deleted_at IS NULL;
-- Sign-in knows an address before it knows a tenant.
CREATE INDEX users_sign_in ON users (email) WHERE deleted_at IS NULL;
COMMENT ON TABLE users IS 'People with an account. The same address may exist in several tenants.';
COMMENT ON COLUMN users.password_hash IS 'argon2id in PHC form; NULL until the one-time link was used.';
COMMENT ON COLUMN users.time_zone IS 'IANA name; NULL means the tenant''s.';

SELECT switchboard_isolate('users');
CREATE POLICY platform ON users TO switchboard_platform USING (true);
GRANT SELECT, INSERT ON users TO switchboard_platform;
GRANT UPDATE (last_login_at, password_hash, is_verified, updated_at) ON users TO switchboard_platform;

CREATE TABLE user_sessions (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    user_id            uuid NOT NULL,
    token_hash         bytea NOT NULL,
    state              jsonb NOT NULL DEFAULT '{}',
    refresh_token_hash bytea,
    access_token_jti   uuid,
    expires_at         timestamptz NOT NULL,
    last_seen_at       timestamptz NOT NULL DEFAULT now(),
    is_revoked         boolean NOT NULL DEFAULT false,
    ip_address         text,
    user_agent         text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
-- A cookie names a session before it names a tenant.
CREATE UNIQUE INDEX user_sessions_token ON user_sessions (token_hash);
CREATE UNIQUE INDEX user_sessions_access_token ON user_sessions (access_token_jti) WHERE access_token_jti IS NOT NULL;
CREATE INDEX user_sessions_of_user ON user_sessions (tenant_id, user_id, last_seen_at DESC);
CREATE INDEX user_sessions_expiry ON user_sessions (expires_at);
COMMENT ON TABLE user_sessions IS 'Signed-in browsers and API clients.';
COMMENT ON COLUMN user_sessions.token_hash IS 'SHA-256 of the cookie''s key: a leaked table opens no session.';

SELECT switchboard_isolate('user_sessions');
CREATE POLICY platform ON user_sessions TO switchboard_platform USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_sessions TO switchboard_platform;

CREATE TABLE sign_in_links (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sign_in_links_token ON sign_in_links (token_hash);
CREATE INDEX sign_in_links_of_user ON sign_in_links (tenant_id, user_id);
COMMENT ON TABLE sign_in_links IS 'One-time links with which a new user chooses a password.';

SELECT switchboard_isolate('sign_in_links');
CREATE POLICY platform ON sign_in_links TO switchboard_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON sign_in_links TO switchboard_platform;
