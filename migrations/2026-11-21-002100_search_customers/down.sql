DROP FUNCTION switchboard_narrow_customers(uuid, jsonb, integer);
DROP FUNCTION switchboard_customers_with(uuid, jsonb, integer);
DROP FUNCTION switchboard_customers_like(uuid, text[], boolean, bigint[], integer);
CREATE OR REPLACE FUNCTION switchboard_search_conversations(tenant uuid, words text, by_number boolean) RETURNS uuid[]
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
REVOKE SELECT (tenant_id, purpose, channel, state, customer_id) ON consent_states FROM switchboard_search;
REVOKE SELECT (tenant_id, label_id, customer_id) ON customer_labels FROM switchboard_search;
REVOKE SELECT (note_words, attributes, customer_type, state) ON customers FROM switchboard_search;
DROP INDEX consent_states_by_word;
DROP INDEX customers_by_state;
DROP INDEX customers_search;
ALTER TABLE customers DROP COLUMN sort_seen, DROP COLUMN sort_company, DROP COLUMN sort_name, DROP COLUMN search_text;
DROP FUNCTION switchboard_values(jsonb);
DROP FUNCTION switchboard_patterns(text[]);
DROP FUNCTION switchboard_fold(text);
DROP EXTENSION btree_gin;
CREATE INDEX customers_search ON customers USING gin (
    (COALESCE(first_name, '') || ' ' || COALESCE(last_name, '') || ' ' || COALESCE(display_name, '')) gin_trgm_ops,
    phone gin_trgm_ops
);
