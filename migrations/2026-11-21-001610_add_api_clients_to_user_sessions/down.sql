DROP TABLE token_blacklist;
DROP TABLE spent_refresh_tokens;
DELETE FROM user_sessions WHERE token_hash IS NULL;
DROP INDEX user_sessions_refresh_token;
ALTER TABLE user_sessions
    DROP CONSTRAINT user_sessions_of_browser_or_client,
    ALTER COLUMN token_hash SET NOT NULL;
