CREATE TABLE tries (
    key        bytea PRIMARY KEY,
    count      integer NOT NULL,
    last_at    timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tries_age ON tries (last_at);
COMMENT ON TABLE tries IS 'Failed tries of signing in, shared by all processes. Of no tenant: an address is known before its tenant.';
COMMENT ON COLUMN tries.key IS 'Hash of what is guarded: an account as asked from one address, an account, an address.';
GRANT SELECT, INSERT, UPDATE, DELETE ON tries TO switchboard_app, switchboard_platform;

-- One statement, so that a hundred tries at once are counted as a hundred.
CREATE FUNCTION switchboard_try(guarded bytea, free integer, longest integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    waits integer;
BEGIN
    INSERT INTO tries AS known (key, count, last_at) VALUES (guarded, 1, clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.last_at < clock_timestamp() - interval '15 minutes' THEN 1 ELSE known.count + 1 END,
        last_at = clock_timestamp()
    WHERE known.count < free
       OR known.last_at + make_interval(secs => least(longest, 2 ^ least(known.count - free, 20)))
          <= clock_timestamp();
    IF FOUND THEN
        RETURN 0;
    END IF;
    SELECT ceil(extract(epoch FROM known.last_at
                + make_interval(secs => least(longest, 2 ^ least(known.count - free, 20))) - clock_timestamp()))
      INTO waits FROM tries AS known WHERE known.key = guarded;
    RETURN greatest(1, COALESCE(waits, 1));
END;
$$;
COMMENT ON FUNCTION switchboard_try IS
    'Counts a try that is made now and answers 0, or answers the seconds to wait. After `free` tries each waits twice as '
    'long as the one before, up to `longest` seconds; a quarter of an hour without one and all is forgotten.';
REVOKE EXECUTE ON FUNCTION switchboard_try FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_try TO switchboard_app, switchboard_platform;
