-- The numbers of a tenant begin alike, so the beginning of a long one narrows nothing and costs most: an index is asked
-- for its end alone, and the whole is compared afterwards.
CREATE FUNCTION switchboard_narrow_patterns(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN switchboard_patterns(ARRAY(
    SELECT CASE WHEN word ~ '^[0-9]{8,}$' THEN right(word, 7) ELSE word END
    FROM unnest(words) WITH ORDINALITY AS given (word, place) ORDER BY place
));
COMMENT ON FUNCTION switchboard_narrow_patterns(text[]) IS
    'As switchboard_patterns, of long numbers just the end: what an index is asked for.';

CREATE OR REPLACE FUNCTION switchboard_customers_like(tenant uuid, words text[], by_address boolean, notes bigint[], most integer)
RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    like_what text[] := switchboard_patterns(words[1:6]);
    near text[] := switchboard_narrow_patterns(words[1:6]);
    last integer := cardinality(like_what);
BEGIN
    IF last = 0 OR tenant IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid THEN
        RETURN '{}';
    END IF;
    IF cardinality(notes) = 0 THEN
        RETURN ARRAY(
            SELECT c.id FROM customers c WHERE c.tenant_id = tenant
               AND c.search_text LIKE near[1] AND c.search_text LIKE near[least(2, last)]
               AND c.search_text LIKE near[least(3, last)] AND c.search_text LIKE near[least(4, last)]
               AND c.search_text LIKE near[least(5, last)] AND c.search_text LIKE near[least(6, last)]
               AND CASE WHEN by_address THEN c.search_text ELSE split_part(c.search_text, E'\n', 1) END LIKE ALL (like_what)
             LIMIT most + 1);
    END IF;
    RETURN ARRAY(
        SELECT c.id FROM customers c WHERE c.tenant_id = tenant
           AND (c.search_text LIKE near[1] AND c.search_text LIKE near[least(2, last)]
               AND c.search_text LIKE near[least(3, last)] AND c.search_text LIKE near[least(4, last)]
               AND c.search_text LIKE near[least(5, last)] AND c.search_text LIKE near[least(6, last)]
               OR c.note_words @> notes)
           AND (CASE WHEN by_address THEN c.search_text ELSE split_part(c.search_text, E'\n', 1) END LIKE ALL (like_what)
               OR c.note_words @> notes)
         LIMIT most + 1);
END
$$;
