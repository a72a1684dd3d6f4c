CREATE TABLE api_tokens (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    name         varchar(100) NOT NULL CONSTRAINT api_tokens_name_present CHECK (btrim(name) <> ''),
    token_hash   bytea NOT NULL,
    hint         varchar(8) NOT NULL,
    scopes       text[] NOT NULL CONSTRAINT api_tokens_scopes_present
                 CHECK (cardinality(scopes) > 0 AND array_position(scopes, NULL) IS NULL),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    last_used_ip text,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
-- A request names a token before it names a tenant.
CREATE UNIQUE INDEX api_tokens_token ON api_tokens (token_hash);
CREATE INDEX api_tokens_of_user ON api_tokens (tenant_id, user_id, id);
COMMENT ON TABLE api_tokens IS 'Personal tokens for /api/v1: each acts as its user, within its scopes.';
COMMENT ON COLUMN api_tokens.token_hash IS 'SHA-256 of the whole token: a leaked table opens nothing.';
COMMENT ON COLUMN api_tokens.hint IS 'The last characters of the token, by which its owner knows it again.';
COMMENT ON COLUMN api_tokens.scopes IS 'Permissions as noun:verb. What the user''s role does not hold counts for nothing.';
COMMENT ON COLUMN api_tokens.last_used_at IS 'Written at most once a minute.';

SELECT switchboard_isolate('api_tokens');
CREATE POLICY platform ON api_tokens TO switchboard_platform USING (true);
GRANT SELECT ON api_tokens TO switchboard_platform;
GRANT UPDATE (last_used_at, last_used_ip) ON api_tokens TO switchboard_platform;
