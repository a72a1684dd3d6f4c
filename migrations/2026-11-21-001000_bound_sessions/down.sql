COMMENT ON COLUMN user_sessions.expires_at IS NULL;
ALTER TABLE user_sessions DROP COLUMN ends_at, DROP COLUMN stays_signed_in, DROP COLUMN is_pending;
