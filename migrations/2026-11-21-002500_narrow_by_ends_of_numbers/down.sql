CREATE OR REPLACE FUNCTION switchboard_customers_like(tenant uuid, words text[], by_address boolean, notes bigint[], most integer)
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
DROP FUNCTION switchboard_narrow_patterns(text[]);
