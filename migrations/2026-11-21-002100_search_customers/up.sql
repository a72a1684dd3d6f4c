-- One form of a text for comparing: lower case, without accents, every letter of a script without spaces a word of its own.
CREATE FUNCTION switchboard_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN octet_length(words) = length(words) THEN btrim(regexp_replace(lower(words), '\s+', ' ', 'g'))
    ELSE btrim(regexp_replace(regexp_replace(regexp_replace(lower(normalize(words, NFKD)),
        '[\u0300-\u036F\u3099\u309A]', '', 'g'),
        '([\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF])', ' \1 ', 'g'),
        '\s+', ' ', 'g'))
END;
COMMENT ON FUNCTION switchboard_fold(text) IS 'How texts are compared by search and order: without case, accents and doubled spaces.';

-- A word of one or two letters is looked for at the beginnings of words, as is one of letters that are words themselves:
-- nothing shorter than three is indexed inside.
CREATE FUNCTION switchboard_patterns(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT CASE WHEN length(word) < 3 OR word ~ '[\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF]' THEN '% ' ELSE '%' END
        || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    FROM (SELECT switchboard_fold(one) AS word, place FROM unnest(words) WITH ORDINALITY AS given (one, place)) AS folded
    WHERE word <> '' ORDER BY place
);
COMMENT ON FUNCTION switchboard_patterns(text[]) IS 'What a text must be like, all of it, to be found by these words.';

CREATE FUNCTION switchboard_values(attributes jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN attributes = '{}' THEN '' ELSE (
    SELECT COALESCE(string_agg(value #>> '{}', ' ' ORDER BY key), '') FROM jsonb_each(attributes)
    WHERE jsonb_typeof(value) IN ('string', 'number')
) END;
COMMENT ON FUNCTION switchboard_values(jsonb) IS 'The words and numbers among the values of a customer''s own fields.';

ALTER TABLE customers
    ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (
        ' ' || switchboard_fold(
            COALESCE(first_name || ' ', '') || COALESCE(last_name || ' ', '') || COALESCE(display_name || ' ', '')
            || COALESCE(company || ' ', '') || COALESCE(external_id || ' ', '') || switchboard_values(attributes))
        || E'\n ' || COALESCE(phone || ' ', '') || switchboard_fold(COALESCE(email, ''))
    ) STORED,
    ADD COLUMN sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
        left(COALESCE(NULLIF(switchboard_fold(COALESCE(first_name || ' ', '') || COALESCE(last_name, '')), ''),
            NULLIF(switchboard_fold(display_name), ''), U&'\FFFF'), 200)
    ) STORED,
    ADD COLUMN sort_company text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
        COALESCE(NULLIF(switchboard_fold(company), ''), U&'\FFFF')
    ) STORED,
    ADD COLUMN sort_seen timestamptz NOT NULL GENERATED ALWAYS AS (
        COALESCE(last_seen_at, '1970-01-01 00:00:00+00'::timestamptz)
    ) STORED;
COMMENT ON COLUMN customers.search_text IS 'What a search finds: on the first line what anybody may know, on the second phone and email.';
COMMENT ON COLUMN customers.sort_name IS 'The title for ordering; whoever has no name comes last.';
COMMENT ON COLUMN customers.sort_company IS 'The company for ordering; whoever has none comes last.';
COMMENT ON COLUMN customers.sort_seen IS 'last_seen_at for ordering; whoever was never seen comes first.';

CREATE EXTENSION IF NOT EXISTS btree_gin;
DROP INDEX customers_search;
-- New rows wait in a list that every search reads through, so it is kept short.
CREATE INDEX customers_search ON customers
    USING gin (tenant_id, search_text gin_trgm_ops, note_words, attributes jsonb_path_ops)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX customers_by_name ON customers (tenant_id, sort_name, id);
CREATE INDEX customers_by_company ON customers (tenant_id, sort_company, id);
CREATE INDEX customers_by_seen ON customers (tenant_id, sort_seen, id);
CREATE INDEX customers_by_state ON customers (tenant_id, state, id) WHERE state <> 'active';
CREATE INDEX consent_states_by_word ON consent_states (tenant_id, purpose, channel, state, customer_id);

GRANT SELECT (search_text, note_words, attributes, sort_seen, customer_type, state) ON customers TO switchboard_search;
GRANT SELECT (tenant_id, label_id, customer_id) ON customer_labels TO switchboard_search;
GRANT SELECT (tenant_id, purpose, channel, state, customer_id) ON consent_states TO switchboard_search;

-- Row level security keeps PostgreSQL from using most indexes here (LIKE, @> and the comparison of enums are not
-- leakproof), so what narrows a list is looked up as a role that it does not bind. Six words count, the rest is
-- compared by whoever asks. A sequential or ordered scan would look cheap to a plan that does not know the words.
CREATE FUNCTION switchboard_customers_like(tenant uuid, words text[], by_address boolean, notes bigint[], most integer)
RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    like_what text[] := switchboard_patterns(words[1:6]);
    last integer := cardinality(like_what);
BEGIN
    IF last = 0 OR tenant IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid THEN
        RETURN '{}';
    END IF;
    IF cardinality(notes) = 0 THEN
        RETURN ARRAY(
            SELECT c.id FROM customers c WHERE c.tenant_id = tenant
               AND c.search_text LIKE like_what[1] AND c.search_text LIKE like_what[least(2, last)]
               AND c.search_text LIKE like_what[least(3, last)] AND c.search_text LIKE like_what[least(4, last)]
               AND c.search_text LIKE like_what[least(5, last)] AND c.search_text LIKE like_what[least(6, last)]
               AND (by_address OR split_part(c.search_text, E'\n', 1) LIKE ALL (like_what)) LIMIT most + 1);
    END IF;
    RETURN ARRAY(
        SELECT c.id FROM customers c WHERE c.tenant_id = tenant
           AND (c.search_text LIKE like_what[1] AND c.search_text LIKE like_what[least(2, last)]
               AND c.search_text LIKE like_what[least(3, last)] AND c.search_text LIKE like_what[least(4, last)]
               AND c.search_text LIKE like_what[least(5, last)] AND c.search_text LIKE like_what[least(6, last)]
               OR c.note_words @> notes)
           AND (by_address OR split_part(c.search_text, E'\n', 1) LIKE ALL (like_what) OR c.note_words @> notes)
         LIMIT most + 1);
END
$$;

CREATE FUNCTION switchboard_narrow_customers(tenant uuid, wanted jsonb, most integer) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    -- What fits one of two hundred among the oldest and the newest is common: it would take long to collect, and is soon
    -- met when one walks.
    sample constant integer := least(most / 5, 400);
    enough integer;
    often bigint;
    found uuid[];
    one jsonb;
    held jsonb;
    words text[];
    like_what text[];
BEGIN
    IF tenant IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid THEN
        RETURN '{}';
    END IF;
    FOR one IN SELECT each.condition FROM jsonb_array_elements(wanted) AS each (condition) LOOP
        enough := COALESCE((one ->> 'most')::integer, most);
        CASE one ->> 'by'
            WHEN 'label' THEN found := ARRAY(
                SELECT l.customer_id FROM customer_labels l
                 WHERE l.tenant_id = tenant AND l.label_id = (one ->> 'label')::uuid LIMIT enough + 1);
            WHEN 'type' THEN found := ARRAY(
                SELECT c.id FROM customers c
                 WHERE c.tenant_id = tenant AND c.customer_type = (one ->> 'type')::customer_type LIMIT enough + 1);
            WHEN 'state' THEN found := ARRAY(
                SELECT c.id FROM customers c
                 WHERE c.tenant_id = tenant AND c.state = (one ->> 'state')::customer_state AND c.state <> 'active'
                 LIMIT enough + 1);
            WHEN 'consent' THEN found := ARRAY(
                SELECT s.customer_id FROM consent_states s
                 WHERE s.tenant_id = tenant AND s.purpose = (one ->> 'purpose')::consent_purpose
                   AND s.channel = (one ->> 'channel')::consent_channel AND s.state = (one ->> 'state')::consent_state
                 LIMIT enough + 1);
            WHEN 'made' THEN found := ARRAY(
                SELECT c.id FROM customers c
                 WHERE c.tenant_id = tenant AND c.id >= (one ->> 'from')::uuid AND c.id < (one ->> 'until')::uuid
                 LIMIT enough + 1);
            WHEN 'seen' THEN found := ARRAY(
                SELECT c.id FROM customers c
                 WHERE c.tenant_id = tenant AND c.sort_seen >= (one ->> 'from')::timestamptz
                   AND c.sort_seen < (one ->> 'until')::timestamptz LIMIT enough + 1);
            WHEN 'value' THEN
                held := one -> 'value';
                SELECT least(count(*) FILTER (WHERE near.is_new), count(*) FILTER (WHERE NOT near.is_new)) INTO often FROM (
                    (SELECT true AS is_new, c.attributes FROM customers c
                      WHERE c.tenant_id = tenant ORDER BY c.id DESC LIMIT sample)
                    UNION ALL
                    (SELECT false, c.attributes FROM customers c WHERE c.tenant_id = tenant ORDER BY c.id LIMIT sample)
                ) AS near WHERE near.attributes @> held;
                CONTINUE WHEN often >= sample / 200 AND NOT one ? 'most';
                found := switchboard_customers_with(tenant, held, enough);
            WHEN 'words' THEN
                words := ARRAY(SELECT jsonb_array_elements_text(one -> 'words'));
                like_what := switchboard_patterns(words);
                SELECT least(count(*) FILTER (WHERE near.is_new), count(*) FILTER (WHERE NOT near.is_new)) INTO often FROM (
                    (SELECT true AS is_new, c.search_text FROM customers c
                      WHERE c.tenant_id = tenant ORDER BY c.id DESC LIMIT sample)
                    UNION ALL
                    (SELECT false, c.search_text FROM customers c WHERE c.tenant_id = tenant ORDER BY c.id LIMIT sample)
                ) AS near WHERE near.search_text LIKE ALL (like_what)
                    AND ((one ->> 'by_address')::boolean OR split_part(near.search_text, E'\n', 1) LIKE ALL (like_what));
                CONTINUE WHEN often >= sample / 200 AND NOT one ? 'most';
                found := switchboard_customers_like(
                    tenant, words, (one ->> 'by_address')::boolean,
                    ARRAY(SELECT jsonb_array_elements(one -> 'notes')::bigint), enough);
            ELSE RAISE EXCEPTION 'customers are not narrowed by %', one ->> 'by';
        END CASE;
        IF cardinality(found) <= enough THEN
            RETURN found;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION switchboard_customers_with(tenant uuid, value jsonb, most integer) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_indexscan = off AS $$
BEGIN
    IF tenant IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT c.id FROM customers c WHERE c.tenant_id = tenant AND c.attributes @> value LIMIT most + 1);
END
$$;

-- Names also by what a customer's record says besides; numbers only for whoever may know them.
CREATE OR REPLACE FUNCTION switchboard_search_conversations(tenant uuid, words text, by_number boolean) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH wanted AS (
        SELECT COALESCE((switchboard_patterns(ARRAY[words]))[1], '%') AS pattern,
               '%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%' AS titled,
               CASE WHEN by_number AND words ~ '[0-9]{3}' THEN regexp_replace(words, '[^0-9]', '', 'g') END AS digits
        WHERE tenant = NULLIF(current_setting('app.tenant_id', true), '')::uuid
    )
    SELECT COALESCE(array_agg(found.id), '{}') FROM (
        SELECT c.id, c.last_message_at FROM wanted, customers p
        JOIN conversations c ON c.tenant_id = tenant AND c.customer_id = p.id AND NOT c.is_group
        WHERE p.tenant_id = tenant AND p.deleted_at IS NULL AND c.deleted_at IS NULL
          AND (p.search_text LIKE wanted.pattern OR p.search_text LIKE '%' || wanted.digits || '%')
          AND (by_number OR split_part(p.search_text, E'\n', 1) LIKE wanted.pattern)
        UNION ALL
        SELECT c.id, c.last_message_at FROM wanted, conversations c
        WHERE c.tenant_id = tenant AND c.is_group AND c.deleted_at IS NULL AND c.title ILIKE wanted.titled
        ORDER BY last_message_at DESC NULLS LAST LIMIT 500
    ) AS found;
$$;

GRANT CREATE ON SCHEMA public TO switchboard_search;
ALTER FUNCTION switchboard_customers_like(uuid, text[], boolean, bigint[], integer) OWNER TO switchboard_search;
ALTER FUNCTION switchboard_customers_with(uuid, jsonb, integer) OWNER TO switchboard_search;
ALTER FUNCTION switchboard_narrow_customers(uuid, jsonb, integer) OWNER TO switchboard_search;
REVOKE CREATE ON SCHEMA public FROM switchboard_search;
REVOKE EXECUTE ON FUNCTION switchboard_customers_like(uuid, text[], boolean, bigint[], integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION switchboard_customers_with(uuid, jsonb, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION switchboard_narrow_customers(uuid, jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_narrow_customers(uuid, jsonb, integer) TO switchboard_app;
COMMENT ON FUNCTION switchboard_narrow_customers(uuid, jsonb, integer) IS
    'The tenant''s customers that fit the first of the conditions which at most so many fit (or as many as the condition says); NULL where more fit each of them.';
COMMENT ON FUNCTION switchboard_customers_like(uuid, text[], boolean, bigint[], integer) IS
    'Customers whose record has all the words (by address: phone and email, too) or whose note does; one more than asked for says that there are more.';
COMMENT ON FUNCTION switchboard_customers_with(uuid, jsonb, integer) IS
    'Customers whose own fields hold the value; one more than asked for says that there are more.';
