CREATE TYPE conversation_kind AS ENUM ('customer', 'internal', 'assistant');
CREATE TYPE conversation_status AS ENUM ('open', 'snoozed', 'resolved', 'archived');
CREATE TYPE message_direction AS ENUM ('inbound', 'outbound');
CREATE TYPE message_status AS ENUM ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown');

CREATE TABLE conversations (
    tenant_id              uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id                     uuid NOT NULL,
    kind                   conversation_kind NOT NULL,
    status                 conversation_status NOT NULL DEFAULT 'open',
    title                  text NOT NULL,
    session_id             uuid,
    chat_id                varchar(255),
    is_group               boolean NOT NULL DEFAULT false,
    customer_id            uuid,
    assignee_id            uuid,
    last_message_id        uuid,
    last_message_at        timestamptz,
    last_message_preview   text,
    last_message_direction message_direction,
    last_message_status    message_status,
    inbound_count          integer NOT NULL DEFAULT 0,
    waiting_since          timestamptz,
    resolved_at            timestamptz,
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    deleted_at             timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (assignee_id),
    CONSTRAINT conversations_with_a_customer CHECK (
        kind <> 'customer'
        OR (session_id IS NOT NULL AND chat_id IS NOT NULL AND (is_group OR customer_id IS NOT NULL))
    )
);
CREATE UNIQUE INDEX conversations_one_per_customer ON conversations (tenant_id, session_id, customer_id)
    WHERE kind = 'customer' AND NOT is_group AND deleted_at IS NULL;
CREATE UNIQUE INDEX conversations_one_per_group ON conversations (tenant_id, session_id, chat_id)
    WHERE kind = 'customer' AND is_group AND deleted_at IS NULL;
CREATE INDEX conversations_of_customer ON conversations (tenant_id, customer_id);
CREATE INDEX conversations_newest ON conversations (tenant_id, last_message_at DESC, id DESC) WHERE deleted_at IS NULL;
-- Comparing enums is not leakproof, so under row level security an enum column is never an index condition: states
-- stand in the predicates of partial indexes instead.
CREATE INDEX conversations_open ON conversations (tenant_id, last_message_at DESC, id DESC)
    WHERE status = 'open' AND kind = 'customer' AND deleted_at IS NULL;
CREATE INDEX conversations_resolved ON conversations (tenant_id, last_message_at DESC, id DESC)
    WHERE status = 'resolved' AND kind = 'customer' AND deleted_at IS NULL;
CREATE INDEX conversations_open_by_assignee ON conversations (tenant_id, assignee_id, last_message_at DESC, id DESC)
    WHERE status = 'open' AND kind = 'customer' AND deleted_at IS NULL;
CREATE INDEX conversations_waiting ON conversations (tenant_id, waiting_since, id)
    WHERE waiting_since IS NOT NULL AND status = 'open' AND deleted_at IS NULL;
COMMENT ON TABLE conversations IS 'Threads. What a list row shows is kept here, in the transaction that changes it.';
COMMENT ON COLUMN conversations.chat_id IS 'Where answers go: the newest address the customer wrote from, or the group.';
COMMENT ON COLUMN conversations.inbound_count IS 'Inbound messages so far; less a reader''s inbound_seen it gives that reader''s unread.';
COMMENT ON COLUMN conversations.waiting_since IS 'First customer message that nobody has answered yet.';
SELECT switchboard_isolate('conversations');

-- plpgsql keeps its plans; a function in plain SQL would be planned anew on every call.
CREATE FUNCTION switchboard_queue_counts(reader uuid, sees_all boolean) RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    open_count integer;
    mine_count integer;
    unassigned_count integer;
BEGIN
    SELECT count(*) INTO mine_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant AND c.assignee_id = reader
          AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS mine;
    SELECT count(*) INTO unassigned_count FROM (
        SELECT FROM conversations c
        WHERE c.tenant_id = tenant AND c.assignee_id IS NULL
          AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS unassigned;
    IF sees_all THEN
        SELECT count(*) INTO open_count FROM (
            SELECT FROM conversations c
            WHERE c.tenant_id = tenant
              AND c.status = 'open' AND c.kind = 'customer' AND c.deleted_at IS NULL LIMIT 100) AS open;
    ELSE
        open_count := least(100, mine_count + unassigned_count);
    END IF;
    RETURN ARRAY[open_count, mine_count, unassigned_count];
END
$$;
COMMENT ON FUNCTION switchboard_queue_counts(uuid, boolean) IS
    'Open, mine and unassigned conversations, each counted to 100 at most: the counts beside the queues.';

-- Row level security keeps PostgreSQL from using a trigram index (ILIKE is not leakproof), so the search runs as a role
-- that it does not bind, with the tenant as an argument that the caller has proved.
CREATE INDEX conversations_groups_search ON conversations USING gin (title gin_trgm_ops) WHERE is_group;
GRANT SELECT (id, tenant_id, customer_id, is_group, title, last_message_at, deleted_at) ON conversations
    TO switchboard_search;
CREATE FUNCTION switchboard_search_conversations(tenant uuid, words text, by_number boolean) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH wanted AS (
        SELECT '%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%' AS pattern,
               '%' || regexp_replace(words, '[^0-9]', '', 'g') || '%' AS digits
        WHERE tenant = NULLIF(current_setting('app.tenant_id', true), '')::uuid
    )
    SELECT COALESCE(array_agg(found.id), '{}') FROM (
        SELECT c.id, c.last_message_at FROM wanted, customers p
        JOIN conversations c ON c.tenant_id = tenant AND c.customer_id = p.id AND NOT c.is_group
        WHERE p.tenant_id = tenant AND p.deleted_at IS NULL AND c.deleted_at IS NULL
          AND ((COALESCE(p.first_name, '') || ' ' || COALESCE(p.last_name, '') || ' ' || COALESCE(p.display_name, ''))
                   ILIKE wanted.pattern
               OR (by_number AND words ~ '[0-9]{3}' AND p.phone LIKE wanted.digits))
        UNION ALL
        SELECT c.id, c.last_message_at FROM wanted, conversations c
        WHERE c.tenant_id = tenant AND c.is_group AND c.deleted_at IS NULL AND c.title ILIKE wanted.pattern
        ORDER BY last_message_at DESC NULLS LAST LIMIT 500
    ) AS found;
$$;
-- Only a role that may create here can be made an owner here, unless a superuser does it.
GRANT CREATE ON SCHEMA public TO switchboard_search;
ALTER FUNCTION switchboard_search_conversations(uuid, text, boolean) OWNER TO switchboard_search;
REVOKE CREATE ON SCHEMA public FROM switchboard_search;
REVOKE EXECUTE ON FUNCTION switchboard_search_conversations(uuid, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_search_conversations(uuid, text, boolean) TO switchboard_app;
COMMENT ON FUNCTION switchboard_search_conversations(uuid, text, boolean) IS
    'The newest 500 conversations of the tenant whose name contains the words, or whose number does if it may be known.';

CREATE TABLE conversation_readers (
    tenant_id       uuid NOT NULL,
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    inbound_seen    integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, conversation_id, user_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_readers_of_user ON conversation_readers (tenant_id, user_id);
COMMENT ON TABLE conversation_readers IS 'How far each user has read each conversation.';
SELECT switchboard_isolate('conversation_readers');

CREATE TABLE drafts (
    tenant_id       uuid NOT NULL,
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    body            text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, conversation_id, user_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX drafts_of_user ON drafts (tenant_id, user_id);
COMMENT ON TABLE drafts IS 'What a user has typed into a composer and not sent.';
SELECT switchboard_isolate('drafts');
