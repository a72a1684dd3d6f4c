CREATE TABLE passkeys (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    user_id       uuid NOT NULL,
    name          varchar(60) NOT NULL,
    user_handle   uuid NOT NULL,
    credential_id bytea NOT NULL,
    credential    jsonb NOT NULL,
    last_used_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT passkeys_credential_id_fits CHECK (octet_length(credential_id) BETWEEN 1 AND 1023)
);
-- Sign-in knows a passkey before it knows a tenant.
CREATE UNIQUE INDEX passkeys_credential_taken ON passkeys (credential_id);
CREATE INDEX passkeys_of_user ON passkeys (tenant_id, user_id, id);
COMMENT ON TABLE passkeys IS 'Passkeys (WebAuthn) with which users sign in. Nothing in it is secret: the private key stays on their device.';
COMMENT ON COLUMN passkeys.user_handle IS 'What the device calls its user: random, and the same for all passkeys of one user.';
COMMENT ON COLUMN passkeys.credential_id IS 'What the device calls the passkey; random.';
COMMENT ON COLUMN passkeys.credential IS 'Public key, count of uses and flags, as webauthn-rs keeps them.';

SELECT switchboard_isolate('passkeys');
-- Whose passkey it is, and no key.
CREATE POLICY platform ON passkeys TO switchboard_platform USING (true);
GRANT SELECT (tenant_id, id, user_id, user_handle, credential_id) ON passkeys TO switchboard_platform;

CREATE TABLE passkey_ceremonies (
    key        bytea PRIMARY KEY,
    asker      bytea NOT NULL,
    state      jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);
COMMENT ON TABLE passkey_ceremonies IS 'Challenges that wait for a device''s answer, once. Of no tenant: whoever signs in is not known yet.';
COMMENT ON COLUMN passkey_ceremonies.key IS 'Hash of the challenge.';
COMMENT ON COLUMN passkey_ceremonies.asker IS 'Hash of the session or the visitor''s cookie that asked, and alone may answer.';
GRANT SELECT, INSERT, DELETE ON passkey_ceremonies TO switchboard_app, switchboard_platform;
