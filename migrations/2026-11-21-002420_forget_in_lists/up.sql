-- What lists, imports and merges keep of customers. Other migrations make these tables, before or after this one: each is
-- looked for when it is needed.
CREATE FUNCTION switchboard_forget_imported(
    of_tenant uuid, of_erasure uuid, people uuid[], words text[], beyond uuid, OUT last uuid, OUT changed bigint
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM switchboard_erasing(of_tenant, of_erasure);
    changed := 0;
    IF to_regclass('public.import_rows') IS NULL THEN
        RETURN;
    END IF;
    SELECT import.id INTO last FROM customer_imports AS import
     WHERE import.tenant_id = of_tenant AND import.id > beyond ORDER BY import.id LIMIT 1;
    UPDATE import_rows AS line
       SET cells = '{}', problems = '{}', customer_id = NULL,
           state = CASE WHEN line.state IN ('waiting', 'refused') THEN 'skipped' ELSE line.state END
     WHERE line.tenant_id = of_tenant AND line.import_id = last
       AND (line.customer_id = ANY (people)
            OR EXISTS (SELECT FROM unnest(words) AS word
                       WHERE position(word IN concat(array_to_string(line.cells, ' '), ' ', line.problems::text)) > 0));
    GET DIAGNOSTICS changed = ROW_COUNT;
END
$$;
COMMENT ON FUNCTION switchboard_forget_imported(uuid, uuid, uuid[], text[], uuid) IS
    'Empties the rows of the next import that made or name one of these people. last: NULL when no import was left.';

CREATE FUNCTION switchboard_forget_in_lists(of_tenant uuid, of_erasure uuid, people uuid[], words text[]) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    counts jsonb := '{}';
BEGIN
    PERFORM switchboard_erasing(of_tenant, of_erasure);
    IF to_regclass('public.customer_merge_rows') IS NOT NULL THEN
        -- What was moved can be moved back no more: there is nobody to move it to.
        DELETE FROM customer_merges AS merge
         WHERE merge.tenant_id = of_tenant AND (merge.kept_id = ANY (people) OR merge.lost_id = ANY (people));
        GET DIAGNOSTICS changed = ROW_COUNT;
        counts := counts || jsonb_build_object('customer_merges', changed);
        DELETE FROM duplicate_pairs AS pair
         WHERE pair.tenant_id = of_tenant AND (pair.left_id = ANY (people) OR pair.right_id = ANY (people));
        GET DIAGNOSTICS changed = ROW_COUNT;
        counts := counts || jsonb_build_object('duplicate_pairs', changed);
        UPDATE duplicate_scans AS scan SET after_key = ''
         WHERE scan.tenant_id = of_tenant AND scan.ended_at IS NOT NULL AND scan.after_key <> '';
    END IF;
    IF to_regclass('public.bulk_change_rows') IS NOT NULL THEN
        DELETE FROM bulk_change_rows AS line WHERE line.tenant_id = of_tenant AND line.customer_id = ANY (people);
        GET DIAGNOSTICS changed = ROW_COUNT;
        counts := counts || jsonb_build_object('bulk_change_rows', changed);
        UPDATE bulk_changes AS bulk SET filter = '{}', change = '{}', updated_at = now()
         WHERE bulk.tenant_id = of_tenant AND bulk.ended_at IS NOT NULL
           AND EXISTS (SELECT FROM unnest(words) AS word
                       WHERE position(word IN concat(bulk.filter::text, ' ', bulk.change::text)) > 0);
    END IF;
    IF to_regclass('public.saved_filters') IS NOT NULL THEN
        -- A filter that names them finds nobody from now on.
        DELETE FROM saved_filters AS saved
         WHERE saved.tenant_id = of_tenant
           AND EXISTS (SELECT FROM unnest(words) AS word
                       WHERE position(word IN concat(saved.name, ' ', saved.query)) > 0);
        GET DIAGNOSTICS changed = ROW_COUNT;
        counts := counts || jsonb_build_object('saved_filters', changed);
    END IF;
    RETURN counts;
END
$$;
COMMENT ON FUNCTION switchboard_forget_in_lists(uuid, uuid, uuid[], text[]) IS
    'Part of switchboard_forget_person: merges, pairs, changes of many and saved filters in which they stand.';
