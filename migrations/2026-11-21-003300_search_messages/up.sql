-- One form of a text for finding its words: folded as everywhere, and what parts words is a space, also inside addresses.
CREATE FUNCTION switchboard_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(switchboard_fold(words), '[\s!-/:-@\[-`{-~]+', ' ', 'g'));
COMMENT ON FUNCTION switchboard_plain(text) IS 'A text as words alone: folded, without signs.';

-- Of a very long text the beginning is found.
CREATE FUNCTION switchboard_lexemes(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, switchboard_plain(left(body, 20000)));
COMMENT ON FUNCTION switchboard_lexemes(text) IS 'The words of a message, of whatever language, with their places.';

CREATE FUNCTION switchboard_digits(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN body ~ '[0-9][^[:alpha:]]?[0-9]' THEN NULLIF((
    SELECT string_agg(regexp_replace(run[1], '[^0-9]', '', 'g'), ' ')
    FROM regexp_matches(left(body, 20000), '([0-9][0-9 ()./-]+[0-9])', 'g') AS found (run)), '')
END;
COMMENT ON FUNCTION switchboard_digits(text) IS 'The numbers of a message as digits, in whatever notation; NULL where there are none.';

-- Each word as it begins, when it is long enough to say something; what was quoted, and letters that are words, side by side.
CREATE FUNCTION switchboard_wanted(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT string_agg('(' || query || ')', ' & ')::tsquery FROM (
        SELECT (SELECT string_agg(quote_literal(piece) || CASE WHEN place = cardinality(pieces) AND length(piece) > 2 THEN ':*' ELSE '' END,
                                  ' <-> ' ORDER BY place)
                FROM unnest(pieces) WITH ORDINALITY AS each (piece, place)) AS query
        FROM unnest(words) AS word, string_to_array(switchboard_plain(word), ' ') AS pieces
        WHERE switchboard_plain(word) <> '') AS queries
);
COMMENT ON FUNCTION switchboard_wanted(text[]) IS 'Asks for all of these words or phrases; NULL where they hold none.';

CREATE INDEX messages_words ON messages USING gin (tenant_id, switchboard_lexemes(body))
    WITH (gin_pending_list_limit = 1024) WHERE body <> '' AND deleted_at IS NULL;
CREATE INDEX messages_digits ON messages USING gin (tenant_id, switchboard_digits(body) gin_trgm_ops)
    WITH (gin_pending_list_limit = 1024) WHERE switchboard_digits(body) IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX messages_by_time ON messages (tenant_id, occurred_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX messages_by_kind ON messages (tenant_id, message_type, occurred_at DESC, id DESC)
    WHERE message_type <> 'text' AND deleted_at IS NULL;

GRANT SELECT (tenant_id, id, conversation_id, session_id, direction, is_private, body, message_type, author_id, occurred_at, revoked_at, deleted_at)
    ON messages TO switchboard_search;
GRANT SELECT (kind, status, assignee_id, team_id) ON conversations TO switchboard_search;
GRANT SELECT (tenant_id, team_id, user_id) ON team_members TO switchboard_search;
GRANT SELECT (tenant_id, conversation_id, user_id) ON mentions TO switchboard_search;
GRANT SELECT (tenant_id, conversation_id, label_id) ON conversation_labels TO switchboard_search;

-- Row level security keeps the indexes of words out of plans, so messages are looked up as a role that it does not bind.
-- The statement is put together from fixed pieces, so that each search is planned for itself. A word that the newest
-- messages are full of is soon met on the way back through time; any other is collected by its index.
CREATE FUNCTION switchboard_search_messages(tenant uuid, wanted jsonb, most integer) RETURNS uuid[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_bitmapscan = on SET enable_indexscan = on SET enable_seqscan = off SET jit = off AS $$
DECLARE
    -- Messages that are looked at to learn how common the words are, and how many share them then.
    sample constant integer := 200;
    common constant integer := 4;
    -- Messages passed at most on the way back through time, before the words are collected instead.
    way constant integer := 20000;
    -- Newest messages among which the best are found.
    ranked constant integer := 500;
    query tsquery := switchboard_wanted(ARRAY(SELECT jsonb_array_elements_text(wanted -> 'words')));
    unwanted tsquery[] := ARRAY(SELECT switchboard_wanted(ARRAY[word]) FROM jsonb_array_elements_text(wanted -> 'without') AS word);
    numbers text[] := ARRAY(SELECT '%' || digits || '%' FROM jsonb_array_elements_text(wanted -> 'numbers') AS digits);
    reader uuid := (wanted ->> 'reader')::uuid;
    is_best boolean := (wanted ->> 'best')::boolean AND query IS NOT NULL;
    place timestamptz := (wanted #>> '{before,at}')::timestamptz;
    place_id uuid := (wanted #>> '{before,id}')::uuid;
    conditions text := 'm.tenant_id = $1 AND m.deleted_at IS NULL AND m.revoked_at IS NULL';
    words_too text := '';
    statement text;
    often bigint;
    bound timestamptz;
    found uuid[];
BEGIN
    IF tenant IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid THEN
        RETURN '{}';
    END IF;
    IF wanted ? 'customers' OR wanted ? 'authors' THEN
        conditions := conditions || ' AND (m.author_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''authors'')::uuid))
            OR m.direction = ''inbound'' AND m.conversation_id IN (SELECT p.id FROM conversations p WHERE p.tenant_id = $1
               AND p.customer_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''customers'')::uuid))))';
    END IF;
    IF wanted ? 'direction' THEN
        conditions := conditions || ' AND m.direction = ($2 ->> ''direction'')::message_direction AND NOT m.is_private';
    END IF;
    IF wanted ? 'sessions' THEN
        conditions := conditions || ' AND (m.session_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''sessions'')::uuid))
            OR m.conversation_id IN (SELECT t.id FROM conversations t WHERE t.tenant_id = $1
               AND t.team_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''teams'')::uuid))))';
    END IF;
    IF wanted ? 'kinds' THEN
        conditions := conditions || ' AND m.message_type <> ''text''
            AND m.message_type = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''kinds'')))';
    END IF;
    IF wanted ? 'is_private' THEN
        conditions := conditions || ' AND m.is_private = ($2 ->> ''is_private'')::boolean';
    END IF;
    IF wanted ? 'from' THEN
        conditions := conditions || ' AND m.occurred_at >= ($2 ->> ''from'')::timestamptz';
    END IF;
    IF wanted ? 'until' THEN
        conditions := conditions || ' AND m.occurred_at < ($2 ->> ''until'')::timestamptz';
    END IF;
    IF place IS NOT NULL THEN
        conditions := conditions || ' AND m.occurred_at <= $3 AND (m.occurred_at < $3 OR m.id < $4)';
    END IF;
    IF cardinality(unwanted) > 0 THEN
        conditions := conditions || ' AND NOT switchboard_lexemes(m.body) @@ ANY ($7)';
    END IF;
    conditions := conditions || ' AND EXISTS (SELECT FROM conversations c WHERE c.tenant_id = $1 AND c.id = m.conversation_id
        AND c.deleted_at IS NULL AND c.kind = ''customer''';
    IF reader IS NOT NULL THEN
        conditions := conditions || ' AND (c.assignee_id IS NULL AND c.team_id IS NULL OR c.assignee_id = $5
            OR EXISTS (SELECT FROM team_members t WHERE t.tenant_id = $1 AND t.team_id = c.team_id AND t.user_id = $5)
            OR EXISTS (SELECT FROM mentions n WHERE n.tenant_id = $1 AND n.conversation_id = c.id AND n.user_id = $5))';
    END IF;
    IF wanted ? 'statuses' THEN
        conditions := conditions || ' AND c.status::text = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''statuses'')))';
    END IF;
    IF wanted ? 'labels' THEN
        conditions := conditions || ' AND (EXISTS (SELECT FROM customer_labels l WHERE l.tenant_id = $1 AND l.customer_id = c.customer_id
               AND l.label_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''labels'')::uuid)))
            OR EXISTS (SELECT FROM conversation_labels l WHERE l.tenant_id = $1 AND l.conversation_id = c.id
               AND l.label_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2 -> ''labels'')::uuid))))';
    END IF;
    conditions := conditions || ')';
    IF query IS NOT NULL THEN
        words_too := words_too || ' AND m.body <> '''' AND switchboard_lexemes(m.body) @@ $6';
    END IF;
    FOR at IN 1 .. cardinality(numbers) LOOP
        words_too := words_too || format(' AND switchboard_digits(m.body) IS NOT NULL AND switchboard_digits(m.body) LIKE $8[%s]', at);
    END LOOP;
    statement := 'SELECT m.id, m.occurred_at, m.body FROM messages m WHERE ' || conditions || words_too
        || '%s ORDER BY m.occurred_at DESC, m.id DESC LIMIT ' || CASE WHEN is_best THEN ranked ELSE most END;
    statement := CASE WHEN is_best
        THEN 'SELECT ARRAY(SELECT n.id FROM (' || statement || ') AS n ORDER BY ts_rank_cd(switchboard_lexemes(n.body), $6, 1)'
            || ' / (1 + extract(epoch FROM now() - n.occurred_at) / 2592000) DESC, n.occurred_at DESC, n.id DESC LIMIT ' || most || ')'
        ELSE 'SELECT ARRAY(SELECT n.id FROM (' || statement || ') AS n ORDER BY n.occurred_at DESC, n.id DESC)' END;
    IF words_too <> '' THEN
        EXECUTE 'SELECT count(*) FROM (SELECT m.body FROM messages m WHERE m.tenant_id = $1 AND m.deleted_at IS NULL
                ORDER BY m.occurred_at DESC, m.id DESC LIMIT ' || sample || ') AS m WHERE true' || words_too
            INTO often USING tenant, wanted, place, place_id, reader, query, unwanted, numbers;
        IF often >= common THEN
            PERFORM set_config('enable_bitmapscan', 'off', true);
            EXECUTE 'SELECT m.occurred_at FROM messages m WHERE m.tenant_id = $1 AND m.deleted_at IS NULL'
                || CASE WHEN place IS NULL THEN '' ELSE ' AND m.occurred_at <= $2' END
                || ' ORDER BY m.occurred_at DESC, m.id DESC OFFSET ' || way || ' LIMIT 1' INTO bound USING tenant, place;
            EXECUTE format(statement, CASE WHEN bound IS NULL THEN '' ELSE ' AND m.occurred_at >= $9' END)
                INTO found USING tenant, wanted, place, place_id, reader, query, unwanted, numbers, bound;
            IF bound IS NULL OR cardinality(found) >= most THEN
                RETURN found;
            END IF;
            PERFORM set_config('enable_bitmapscan', 'on', true);
        END IF;
        PERFORM set_config('enable_indexscan', 'off', true);
    END IF;
    EXECUTE format(statement, '') INTO found USING tenant, wanted, place, place_id, reader, query, unwanted, numbers;
    RETURN found;
END
$$;
GRANT CREATE ON SCHEMA public TO switchboard_search;
ALTER FUNCTION switchboard_search_messages(uuid, jsonb, integer) OWNER TO switchboard_search;
REVOKE CREATE ON SCHEMA public FROM switchboard_search;
REVOKE EXECUTE ON FUNCTION switchboard_search_messages(uuid, jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_search_messages(uuid, jsonb, integer) TO switchboard_app;
COMMENT ON FUNCTION switchboard_search_messages(uuid, jsonb, integer) IS
    'The messages of the tenant that have all that is wanted, in conversations that the reader may see (none: all): the newest first, or the best.';
