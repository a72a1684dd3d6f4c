ALTER TABLE user_sessions
    ADD COLUMN ends_at timestamptz NOT NULL DEFAULT now() + interval '30 days',
    ADD COLUMN stays_signed_in boolean NOT NULL DEFAULT false,
    ADD COLUMN is_pending boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN user_sessions.expires_at IS 'Moves on while the session is used; never beyond ends_at.';
COMMENT ON COLUMN user_sessions.ends_at IS 'When it ends in any case.';
COMMENT ON COLUMN user_sessions.stays_signed_in IS 'The browser keeps its cookie, and only ends_at counts.';
COMMENT ON COLUMN user_sessions.is_pending IS 'The password fitted, the second factor is still owed: nothing but that may be asked.';
