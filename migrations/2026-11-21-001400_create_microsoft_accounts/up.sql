CREATE TABLE microsoft_accounts (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    user_id          uuid NOT NULL,
    microsoft_id     uuid NOT NULL,
    directory        uuid NOT NULL,
    address          varchar(255) NOT NULL,
    access_token     bytea,
    refresh_token    bytea,
    token_expires_at timestamptz,
    scopes           text NOT NULL DEFAULT '',
    refresh_lease    uuid,
    refresh_until    timestamptz,
    ended_at         timestamptz,
    last_used_at     timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT microsoft_accounts_ended_without_tokens
        CHECK (ended_at IS NULL OR (access_token IS NULL AND refresh_token IS NULL)),
    CONSTRAINT microsoft_accounts_expiry_with_token CHECK ((access_token IS NULL) = (token_expires_at IS NULL)),
    CONSTRAINT microsoft_accounts_lease_has_an_end CHECK ((refresh_lease IS NULL) = (refresh_until IS NULL))
);
CREATE UNIQUE INDEX microsoft_accounts_one_per_user ON microsoft_accounts (tenant_id, user_id);
CREATE UNIQUE INDEX microsoft_accounts_taken ON microsoft_accounts (tenant_id, directory, microsoft_id);
-- Sign-in knows a Microsoft account before it knows a tenant.
CREATE INDEX microsoft_accounts_sign_in ON microsoft_accounts (directory, microsoft_id);
COMMENT ON TABLE microsoft_accounts IS 'Microsoft accounts with which users may sign in.';
COMMENT ON COLUMN microsoft_accounts.microsoft_id IS 'The token''s oid; with directory it names one person for good. An e-mail address never does.';
COMMENT ON COLUMN microsoft_accounts.directory IS 'The token''s tid: the person''s organisation at Microsoft.';
COMMENT ON COLUMN microsoft_accounts.address IS 'As Microsoft calls the account; only shown, never compared at sign-in.';
COMMENT ON COLUMN microsoft_accounts.access_token IS 'Sealed for this row.';
COMMENT ON COLUMN microsoft_accounts.refresh_token IS 'Sealed for this row; replaced with every refresh.';
COMMENT ON COLUMN microsoft_accounts.refresh_lease IS 'Who refreshes at the moment, until refresh_until.';
COMMENT ON COLUMN microsoft_accounts.ended_at IS 'When Microsoft took the tokens back, or an answer with new ones was lost. Signing in still works.';

SELECT switchboard_isolate('microsoft_accounts');
-- Whose account it is, and nothing that is sealed.
CREATE POLICY platform ON microsoft_accounts TO switchboard_platform USING (true);
GRANT SELECT (tenant_id, id, user_id, microsoft_id, directory) ON microsoft_accounts TO switchboard_platform;
