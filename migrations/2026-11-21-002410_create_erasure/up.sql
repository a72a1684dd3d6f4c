-- What an erasure does to rows. All of it works within the tenant of the transaction; the functions that also touch the
-- audit log and the queue run as the owner, and only for an erasure that is under way.

-- Finds what somebody wrote in groups, where the phone is not known.
CREATE INDEX messages_of_sender ON messages (tenant_id, sender_chat_id) WHERE sender_chat_id IS NOT NULL;

CREATE FUNCTION switchboard_held(of_tenant uuid, people uuid[]) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM legal_holds AS hold
        WHERE hold.tenant_id = of_tenant AND hold.customer_id = ANY (people)
          AND hold.ended_at IS NULL AND (hold.until IS NULL OR hold.until >= CURRENT_DATE));
COMMENT ON FUNCTION switchboard_held(uuid, uuid[]) IS 'Whether a legal hold stands on one of them today.';

CREATE FUNCTION switchboard_erasing(of_tenant uuid, of_erasure uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF of_tenant IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid THEN
        RAISE EXCEPTION 'an erasure in another tenant' USING ERRCODE = '42501';
    END IF;
    PERFORM FROM public.erasures AS erasure
      WHERE erasure.tenant_id = of_tenant AND erasure.id = of_erasure AND erasure.completed_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such erasure is under way' USING ERRCODE = '42501';
    END IF;
END
$$;
COMMENT ON FUNCTION switchboard_erasing(uuid, uuid) IS 'Fails unless this erasure is under way in the tenant of the transaction.';

CREATE FUNCTION switchboard_forget_audited(of_tenant uuid, of_erasure uuid, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    PERFORM public.switchboard_erasing(of_tenant, of_erasure);
    UPDATE public.audit_entries AS entry SET before = NULL, after = NULL
     WHERE entry.tenant_id = of_tenant AND entry.entity_id = ANY (ids)
       AND (entry.before IS NOT NULL OR entry.after IS NOT NULL);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION switchboard_forget_audited(uuid, uuid, uuid[]) IS
    'Takes the values out of audit entries about these rows. The entries stay: who did what and when.';

CREATE FUNCTION switchboard_forget_log(
    of_tenant uuid, of_erasure uuid, words text[], beyond uuid, most integer, OUT last uuid, OUT changed bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.switchboard_erasing(of_tenant, of_erasure);
    WITH seen AS (
        SELECT entry.id, entry.before, entry.after FROM public.audit_entries AS entry
        WHERE entry.tenant_id = of_tenant AND entry.id > beyond ORDER BY entry.id LIMIT most
    ), gone AS (
        UPDATE public.audit_entries AS entry SET before = NULL, after = NULL FROM seen
        WHERE entry.tenant_id = of_tenant AND entry.id = seen.id
          AND (seen.before IS NOT NULL OR seen.after IS NOT NULL)
          AND EXISTS (SELECT FROM unnest(words) AS word
                      WHERE position(word IN concat(seen.before::text, ' ', seen.after::text)) > 0)
        RETURNING 1
    )
    SELECT (SELECT seen.id FROM seen ORDER BY seen.id DESC LIMIT 1), (SELECT count(*) FROM gone) INTO last, changed;
END
$$;
COMMENT ON FUNCTION switchboard_forget_log(uuid, uuid, text[], uuid, integer) IS
    'The same for the next entries that name one of the addresses, whatever row they are about. last: NULL when none was left to look at.';

CREATE FUNCTION switchboard_forget_job_errors(of_tenant uuid, of_erasure uuid, words text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    PERFORM public.switchboard_erasing(of_tenant, of_erasure);
    -- A payload is ids, but for the addresses that WhatsApp is asked about: such a job has no more purpose.
    DELETE FROM graphile_worker._private_jobs AS job
     WHERE job.payload ->> 'tenant' = of_tenant::text AND job.locked_at IS NULL
       AND EXISTS (SELECT FROM unnest(words) AS word WHERE position(word IN job.payload::text) > 0);
    GET DIAGNOSTICS changed = ROW_COUNT;
    UPDATE graphile_worker._private_jobs AS job SET last_error = 'erased'
     WHERE job.payload ->> 'tenant' = of_tenant::text
       AND EXISTS (SELECT FROM unnest(words) AS word WHERE position(word IN job.last_error) > 0);
    RETURN changed;
END
$$;
COMMENT ON FUNCTION switchboard_forget_job_errors(uuid, uuid, text[]) IS
    'Takes waiting jobs that name one of the addresses out of the queue, and what failed ones say of them.';

CREATE FUNCTION switchboard_forget_events(
    of_tenant uuid, of_erasure uuid, words text[], beyond uuid, most integer, OUT last uuid, OUT changed bigint
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM switchboard_erasing(of_tenant, of_erasure);
    WITH seen AS (
        SELECT event.id, event.payload, event.error FROM webhook_events AS event
        WHERE event.tenant_id = of_tenant AND event.id > beyond ORDER BY event.id LIMIT most
    ), gone AS (
        UPDATE webhook_events AS event
           SET payload = '{}', error = NULL, processed_at = COALESCE(event.processed_at, now()), updated_at = now()
          FROM seen
         WHERE event.tenant_id = of_tenant AND event.id = seen.id
           AND EXISTS (SELECT FROM unnest(words) AS word
                       WHERE position(word IN concat(seen.payload::text, ' ', seen.error)) > 0)
        RETURNING 1
    )
    SELECT (SELECT seen.id FROM seen ORDER BY seen.id DESC LIMIT 1), (SELECT count(*) FROM gone) INTO last, changed;
END
$$;
COMMENT ON FUNCTION switchboard_forget_events(uuid, uuid, text[], uuid, integer) IS
    'Empties the next stored webhook events that name one of the addresses; their ids stay, so that a repeat is known.';

CREATE FUNCTION switchboard_forget_messages(of_tenant uuid, of_erasure uuid, ids uuid[], bodies text[]) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    counts jsonb := '{}';
BEGIN
    PERFORM switchboard_erasing(of_tenant, of_erasure);
    DELETE FROM message_reactions AS reaction USING messages AS message
     WHERE message.tenant_id = of_tenant AND message.id = ANY (ids)
       AND reaction.tenant_id = of_tenant AND reaction.session_id = message.session_id
       AND reaction.message_key = message.message_key;
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('message_reactions', changed);
    DELETE FROM message_signals AS signal USING messages AS message
     WHERE message.tenant_id = of_tenant AND message.id = ANY (ids)
       AND signal.tenant_id = of_tenant AND signal.session_id = message.session_id
       AND signal.message_key = message.message_key;
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('message_signals', changed);
    -- What others have quoted of them in groups.
    UPDATE messages AS message SET metadata = message.metadata - 'quoted', raw_payload = NULL, updated_at = now()
      FROM messages AS source, conversations AS conversation
     WHERE source.tenant_id = of_tenant AND source.id = ANY (ids) AND source.message_key IS NOT NULL
       AND conversation.tenant_id = of_tenant AND conversation.id = source.conversation_id AND conversation.is_group
       AND message.tenant_id = of_tenant AND message.conversation_id = source.conversation_id
       AND message.metadata #>> '{quoted,key}' = source.message_key;
    UPDATE conversations AS conversation SET last_message_preview = NULL, updated_at = now()
     WHERE conversation.tenant_id = of_tenant AND conversation.last_message_id = ANY (ids)
       AND conversation.id IN (SELECT message.conversation_id FROM messages AS message
                               WHERE message.tenant_id = of_tenant AND message.id = ANY (ids));
    IF bodies IS NULL THEN
        DELETE FROM messages AS message WHERE message.tenant_id = of_tenant AND message.id = ANY (ids);
    ELSE
        UPDATE messages AS message
           SET body = kept.body, to_msisdn = NULL, from_msisdn = NULL, media_url = NULL, waha_message_id = NULL,
               message_key = NULL, sender_name = NULL, sender_chat_id = NULL, raw_payload = NULL,
               metadata = '{"erased": true}', error_message = NULL, updated_at = now(),
               status = CASE WHEN message.status IN ('queued', 'sending', 'unknown') THEN 'failed'::message_status
                             ELSE message.status END
          FROM unnest(ids, bodies) AS kept (id, body)
         WHERE message.tenant_id = of_tenant AND message.id = kept.id;
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('messages', changed);
    RETURN counts || jsonb_build_object('audit_entries', switchboard_forget_audited(of_tenant, of_erasure, ids));
END
$$;
COMMENT ON FUNCTION switchboard_forget_messages(uuid, uuid, uuid[], text[]) IS
    'Deletes messages, or with bodies (one for each id) keeps these words and nothing else of them.';

CREATE FUNCTION switchboard_forget_person(of_tenant uuid, of_erasure uuid, people uuid[], words text[], keeps boolean)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    counts jsonb := '{}';
    threads uuid[];
    about uuid[];
    person uuid;
BEGIN
    PERFORM switchboard_erasing(of_tenant, of_erasure);
    -- In one order, and with whoever is writing to one of them done.
    PERFORM FROM customers AS customer WHERE customer.tenant_id = of_tenant AND customer.id = ANY (people)
      ORDER BY customer.id FOR UPDATE;
    IF switchboard_held(of_tenant, people) THEN
        RAISE EXCEPTION 'a legal hold stands on this customer'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_held', TABLE = 'customers';
    END IF;
    SELECT COALESCE(array_agg(conversation.id), '{}') INTO threads FROM conversations AS conversation
     WHERE conversation.tenant_id = of_tenant AND conversation.customer_id = ANY (people) AND NOT conversation.is_group;
    -- What the entries of the log are about.
    SELECT COALESCE(array_agg(rows.id), '{}') INTO about FROM (
        SELECT unnest(people) AS id UNION ALL SELECT unnest(threads)
        UNION ALL SELECT privacy_case.id FROM privacy_cases AS privacy_case
                  WHERE privacy_case.tenant_id = of_tenant AND privacy_case.customer_id = ANY (people)
        UNION ALL SELECT hold.id FROM legal_holds AS hold
                  WHERE hold.tenant_id = of_tenant AND hold.customer_id = ANY (people)
        UNION ALL SELECT consent.id FROM consents AS consent
                  WHERE consent.tenant_id = of_tenant AND consent.customer_id = ANY (people)
        UNION ALL SELECT identity.id FROM customer_identities AS identity
                  WHERE identity.tenant_id = of_tenant AND identity.customer_id = ANY (people)
        UNION ALL SELECT task.id FROM background_tasks AS task
                  WHERE task.tenant_id = of_tenant
                    AND EXISTS (SELECT FROM unnest(words) AS word WHERE position(word IN concat(
                        task.title, ' ', task.params::text, ' ', task.result::text, ' ', task.error_message)) > 0)
    ) AS rows;
    counts := counts || jsonb_build_object('audit_entries', switchboard_forget_audited(of_tenant, of_erasure, about));

    counts := counts || switchboard_forget_in_lists(of_tenant, of_erasure, people, words);
    DELETE FROM drafts AS draft WHERE draft.tenant_id = of_tenant AND draft.conversation_id = ANY (threads);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('drafts', changed);
    DELETE FROM message_reactions AS reaction WHERE reaction.tenant_id = of_tenant AND reaction.sender = ANY (words);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('message_reactions', changed);
    DELETE FROM customer_identities AS identity
     WHERE identity.tenant_id = of_tenant AND identity.customer_id = ANY (people);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('customer_identities', changed);
    DELETE FROM customer_labels AS label WHERE label.tenant_id = of_tenant AND label.customer_id = ANY (people);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('customer_labels', changed);
    FOREACH person IN ARRAY people LOOP
        PERFORM set_config('app.erasing', person::text, true);
        UPDATE consents AS consent SET evidence = NULL, message_id = NULL, source = 'erased'
         WHERE consent.tenant_id = of_tenant AND consent.customer_id = person;
        GET DIAGNOSTICS changed = ROW_COUNT;
        counts := counts || jsonb_build_object('consents', COALESCE((counts ->> 'consents')::bigint, 0) + changed);
    END LOOP;
    PERFORM set_config('app.erasing', '', true);
    UPDATE customer_state_changes AS step SET reason = NULL
     WHERE step.tenant_id = of_tenant AND step.customer_id = ANY (people) AND step.reason IS NOT NULL;
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('customer_state_changes', changed);
    UPDATE privacy_case_events AS event SET words = NULL FROM privacy_cases AS privacy_case
     WHERE privacy_case.tenant_id = of_tenant AND privacy_case.customer_id = ANY (people)
       AND event.tenant_id = of_tenant AND event.case_id = privacy_case.id AND event.words IS NOT NULL;
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('privacy_case_events', changed);
    UPDATE privacy_cases AS privacy_case
       SET requester = 'Erased person', details = NULL, updated_at = now(),
           outcome = CASE WHEN privacy_case.outcome IS NOT NULL THEN 'Erased' END,
           extension_reason = CASE WHEN privacy_case.extension_reason IS NOT NULL THEN 'Erased' END
     WHERE privacy_case.tenant_id = of_tenant AND privacy_case.customer_id = ANY (people);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('privacy_cases', changed);
    UPDATE legal_holds AS hold
       SET reason = 'Erased', end_reason = CASE WHEN hold.end_reason IS NOT NULL THEN 'Erased' END, updated_at = now()
     WHERE hold.tenant_id = of_tenant AND hold.customer_id = ANY (people);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('legal_holds', changed);
    UPDATE background_tasks AS task
       SET title = 'Erased', params = '{}', result = '{}', updated_at = now(),
           error_message = CASE WHEN task.error_message IS NOT NULL THEN 'Erased' END
     WHERE task.tenant_id = of_tenant AND task.ended_at IS NOT NULL
       AND EXISTS (SELECT FROM unnest(words) AS word WHERE position(word IN concat(
           task.title, ' ', task.params::text, ' ', task.result::text, ' ', task.error_message)) > 0);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('background_tasks', changed);
    INSERT INTO customer_state_changes (tenant_id, id, customer_id, old_state, new_state)
    SELECT of_tenant, gen_random_uuid(), customer.id, customer.state, 'erased' FROM customers AS customer
     WHERE customer.tenant_id = of_tenant AND customer.id = ANY (people) AND customer.state <> 'erased';
    UPDATE customers AS customer
       SET state = 'erased', customer_type = 'anonymous', first_name = NULL, last_name = NULL, phone = NULL, email = NULL,
           display_name = NULL, company = NULL, locale = NULL, time_zone = NULL, external_id = NULL, sealed_note = NULL,
           note_words = '{}', attributes = '{}', sealed_attributes = NULL, last_seen_at = NULL, updated_at = now()
     WHERE customer.tenant_id = of_tenant AND customer.id = ANY (people);
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('customers', changed);
    -- After the names: the threads are called by them.
    IF keeps THEN
        UPDATE conversations AS conversation
           SET title = 'Erased person', chat_id = 'erased', last_message_preview = NULL, status = 'archived',
               waiting_since = NULL, updated_at = now()
         WHERE conversation.tenant_id = of_tenant AND conversation.id = ANY (threads);
    ELSE
        DELETE FROM conversations AS conversation
         WHERE conversation.tenant_id = of_tenant AND conversation.id = ANY (threads);
    END IF;
    GET DIAGNOSTICS changed = ROW_COUNT;
    counts := counts || jsonb_build_object('conversations', changed);
    RETURN counts || jsonb_build_object('jobs', switchboard_forget_job_errors(of_tenant, of_erasure, words));
END
$$;
COMMENT ON FUNCTION switchboard_forget_person(uuid, uuid, uuid[], text[], boolean) IS
    'The end of an erasure: whatever is left of these records (the customer, and those merged into it), in one step.';

REVOKE ALL ON FUNCTION switchboard_forget_audited, switchboard_forget_log, switchboard_forget_job_errors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_forget_audited, switchboard_forget_log, switchboard_forget_job_errors
    TO switchboard_app;
