ALTER TABLE users ADD COLUMN second_factor_since timestamptz;
COMMENT ON COLUMN users.second_factor_since IS 'Since when one is asked for at sign-in; NULL: the user has none.';
GRANT UPDATE (second_factor_since) ON users TO switchboard_platform;

CREATE TABLE authenticators (
    tenant_id    uuid NOT NULL,
    user_id      uuid NOT NULL,
    secret       bytea NOT NULL,
    confirmed_at timestamptz,
    last_step    bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE authenticators IS 'Apps that show one-time codes (TOTP, RFC 6238); at most one per user.';
COMMENT ON COLUMN authenticators.secret IS 'Sealed by kit::vault, bound to this user.';
COMMENT ON COLUMN authenticators.confirmed_at IS 'NULL until a first code has shown that the app has the secret.';
COMMENT ON COLUMN authenticators.last_step IS 'The newest 30 seconds whose code was used: no code works twice.';
SELECT switchboard_isolate('authenticators');

CREATE TABLE recovery_codes (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    code_hash  bytea NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX recovery_codes_of_user ON recovery_codes (tenant_id, user_id, code_hash);
COMMENT ON TABLE recovery_codes IS 'Ten per user, each good for one sign-in without the app.';
COMMENT ON COLUMN recovery_codes.code_hash IS 'Keyed hash: a leaked table tells no code.';
SELECT switchboard_isolate('recovery_codes');
