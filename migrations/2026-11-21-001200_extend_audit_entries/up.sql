CREATE TYPE actor_kind AS ENUM ('user', 'support', 'job', 'api_token', 'webhook', 'desk');

COMMENT ON FUNCTION switchboard_actor(integer) IS
    '1: the user''s id, 2: the address, 3: the request''s id, 4: the kind of actor, 5: what it acts through; NULL when unsaid.';
-- Programs of the version before say three parts only, and act as a user or as the desk.
CREATE FUNCTION switchboard_actor_kind() RETURNS actor_kind LANGUAGE sql STABLE
    RETURN COALESCE(
        switchboard_actor(4)::actor_kind,
        CASE WHEN switchboard_actor(1) IS NULL THEN 'desk'::actor_kind ELSE 'user'::actor_kind END);
COMMENT ON FUNCTION switchboard_actor_kind() IS 'Who acts in the running transaction, as kit::db has said with BEGIN.';

ALTER TABLE audit_entries
    ADD COLUMN actor_kind actor_kind NOT NULL DEFAULT 'desk',
    ADD COLUMN via uuid;
COMMENT ON COLUMN audit_entries.actor_id IS
    'The user; of another tenant where support acts. NULL: no user, or a visitor who has not proved to be one.';
COMMENT ON COLUMN audit_entries.via IS 'What the user acted through: an API token, or the grant of support access.';

-- Forced row level security hides every row from the owner, too.
ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
    wanted bigint;
    changed bigint;
BEGIN
    SELECT count(*) INTO wanted FROM audit_entries WHERE actor_id IS NOT NULL;
    UPDATE audit_entries SET actor_kind = 'user' WHERE actor_id IS NOT NULL;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> wanted THEN
        RAISE EXCEPTION '% of % entries of users were marked as such', changed, wanted;
    END IF;
END
$$;
ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY;

-- The entry reads from its transaction who acts, so no writer of an entry can say otherwise by mistake.
ALTER TABLE audit_entries
    ALTER COLUMN actor_id SET DEFAULT switchboard_actor(1)::uuid,
    ALTER COLUMN ip_address SET DEFAULT switchboard_actor(2),
    ALTER COLUMN request_id SET DEFAULT switchboard_actor(3)::uuid,
    ALTER COLUMN actor_kind SET DEFAULT switchboard_actor_kind(),
    ALTER COLUMN via SET DEFAULT switchboard_actor(5)::uuid;

-- One for each filter of the page, newest first; ids are in the order of time.
DROP INDEX audit_entries_of_entity;
CREATE INDEX audit_entries_of_entity ON audit_entries (tenant_id, entity, id);
CREATE INDEX audit_entries_of_row ON audit_entries (tenant_id, entity_id, id);
CREATE INDEX audit_entries_of_action ON audit_entries (tenant_id, action, id);
-- An enum's equality is not leakproof, so under row level security it can be an index's condition and no more.
CREATE INDEX audit_entries_of_support ON audit_entries (tenant_id, id) WHERE actor_kind = 'support';
CREATE INDEX audit_entries_of_api_tokens ON audit_entries (tenant_id, id) WHERE actor_kind = 'api_token';
CREATE INDEX audit_entries_of_jobs ON audit_entries (tenant_id, id) WHERE actor_kind = 'job';
CREATE INDEX audit_entries_of_webhooks ON audit_entries (tenant_id, id) WHERE actor_kind = 'webhook';
CREATE INDEX audit_entries_of_desk ON audit_entries (tenant_id, id) WHERE actor_kind = 'desk';
