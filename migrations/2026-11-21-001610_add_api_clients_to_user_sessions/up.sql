-- An API client has no cookie; its session is named by the hash of its refresh token.
ALTER TABLE user_sessions
    ALTER COLUMN token_hash DROP NOT NULL,
    ADD CONSTRAINT user_sessions_of_browser_or_client CHECK ((token_hash IS NULL) <> (refresh_token_hash IS NULL));
CREATE UNIQUE INDEX user_sessions_refresh_token ON user_sessions (refresh_token_hash) WHERE refresh_token_hash IS NOT NULL;
COMMENT ON COLUMN user_sessions.refresh_token_hash IS 'SHA-256 of an API client''s current refresh token; NULL: a browser.';
COMMENT ON COLUMN user_sessions.access_token_jti IS 'Of the access token that was given out last.';

CREATE TABLE spent_refresh_tokens (
    tenant_id  uuid NOT NULL,
    token_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    spent_at   timestamptz NOT NULL DEFAULT now(),
    reused_at  timestamptz,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, session_id) REFERENCES user_sessions (tenant_id, id) ON DELETE CASCADE
);
-- A refresh names a token before it names a tenant.
CREATE UNIQUE INDEX spent_refresh_tokens_token ON spent_refresh_tokens (token_hash);
CREATE INDEX spent_refresh_tokens_of_session ON spent_refresh_tokens (tenant_id, session_id, reused_at);
COMMENT ON TABLE spent_refresh_tokens IS 'Refresh tokens that were exchanged. Whoever shows one again has a copy, so its session ends.';
SELECT switchboard_isolate('spent_refresh_tokens');
CREATE POLICY platform ON spent_refresh_tokens TO switchboard_platform USING (true);
GRANT SELECT ON spent_refresh_tokens TO switchboard_platform;

CREATE TABLE token_blacklist (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    jti        uuid NOT NULL,
    user_id    uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT token_blacklist_jti_taken UNIQUE (tenant_id, jti),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX token_blacklist_expiry ON token_blacklist (tenant_id, expires_at);
COMMENT ON TABLE token_blacklist IS 'Access tokens that were revoked before they expired; a job removes those that have expired since.';
SELECT switchboard_isolate('token_blacklist');
CREATE POLICY platform ON token_blacklist TO switchboard_platform USING (true);
GRANT SELECT ON token_blacklist TO switchboard_platform;
