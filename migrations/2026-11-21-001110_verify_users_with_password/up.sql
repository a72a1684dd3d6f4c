-- Whoever has a password has used a one-time link, or was given it by who made the account; only the others are still
-- invited. The owner is subject to row level security, too, and would update no row without a word.
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
UPDATE users SET is_verified = true WHERE password_hash IS NOT NULL AND NOT is_verified;
DO $$
BEGIN
    IF EXISTS (SELECT FROM users WHERE password_hash IS NOT NULL AND NOT is_verified) THEN
        RAISE EXCEPTION 'users with a password are left unverified';
    END IF;
END
$$;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
