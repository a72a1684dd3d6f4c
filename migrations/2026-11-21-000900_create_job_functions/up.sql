-- The doors to graphile_worker's private tables, which only their owner may touch. All are late-bound: the schema
-- graphile_worker itself is made by `kit::jobs::migrate`, before or after this.

CREATE FUNCTION switchboard_enqueue(
    job_tenant uuid, job_name text, job_body text, job_key text, job_queue text,
    job_run_at timestamptz, job_attempts integer, job_priority integer, keep_time boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- A bitmap would read a tenant's whole backlog before the count's LIMIT has a say.
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
    tenant_set uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
    caller text := COALESCE(current_setting('role', true), 'none');
    ahead integer := 0;
BEGIN
    -- The platform and the owner itself may speak for any tenant or for none; everybody else for the one they are in.
    IF NOT (caller = 'switchboard_platform' OR (caller = 'none' AND session_user = current_user))
       AND (job_tenant IS NULL OR job_tenant IS DISTINCT FROM tenant_set) THEN
        RAISE EXCEPTION 'a job for another tenant' USING errcode = '42501';
    END IF;
    IF job_tenant IS NOT NULL THEN
        SELECT count(*) INTO ahead FROM (
            SELECT 1 FROM graphile_worker._private_jobs AS job
            WHERE job.payload ->> 'tenant' = job_tenant::text
              AND job.run_at <= greatest(now(), COALESCE(job_run_at, now()))
              AND (job.attempts < job.max_attempts OR job.locked_at IS NOT NULL)
            LIMIT 64
        ) AS bounded;
    END IF;
    PERFORM graphile_worker.add_job(
        identifier => job_name,
        payload => json_build_object('tenant', job_tenant, 'job', job_body::json),
        queue_name => COALESCE(job_tenant::text, 'platform') || '/' || job_queue,
        run_at => job_run_at,
        max_attempts => job_attempts,
        job_key => COALESCE(job_tenant::text, 'platform') || '/' || job_key,
        priority => greatest(-30000, least(30000, job_priority * 100 + ahead)),
        flags => CASE WHEN ahead >= 4 THEN ARRAY['crowded'] END,
        job_key_mode => CASE WHEN keep_time THEN 'preserve_run_at' ELSE 'replace' END
    );
END;
$$;
COMMENT ON FUNCTION switchboard_enqueue IS
    'Adds a job in the caller''s transaction. The more jobs its tenant has waiting (counted to 64), the later its turn; '
    'from the fifth on it is flagged "crowded" and does not use the slots held in reserve (kit::jobs).';

-- A job that is to run again leaves under a new id: the runner's own clean-up then deletes the old id and finds nothing,
-- so there is no moment at which the job exists twice or not at all.
CREATE FUNCTION switchboard_release_job(
    job_id bigint, job_worker text, job_wait interval, job_error text, fresh boolean
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    queue_of_job integer;
BEGIN
    PERFORM 1 FROM graphile_worker._private_jobs AS job WHERE job.id = job_id AND job.locked_by = job_worker FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'lost';
    END IF;
    -- Replaced under its key while it ran: the successor is already waiting.
    IF EXISTS (SELECT 1 FROM graphile_worker._private_job_retirements AS retired WHERE retired.id = job_id) THEN
        RETURN 'replaced';
    END IF;
    UPDATE graphile_worker._private_jobs AS job
       SET id = DEFAULT, locked_by = NULL, locked_at = NULL, run_at = now() + job_wait, updated_at = now(),
           attempts = CASE WHEN fresh THEN 0 ELSE job.attempts END,
           last_error = job_error,
           flags = CASE WHEN job_error IS NULL THEN job.flags
                        ELSE COALESCE(job.flags, '{}') || '{"crowded": true}' END
     WHERE job.id = job_id
    RETURNING job.job_queue_id INTO queue_of_job;
    UPDATE graphile_worker._private_job_queues AS queue SET locked_by = NULL, locked_at = NULL
     WHERE queue.id = queue_of_job AND queue.locked_by = job_worker;
    IF job_wait <= interval '0' THEN
        PERFORM pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    END IF;
    RETURN 'released';
END;
$$;
COMMENT ON FUNCTION switchboard_release_job IS
    'Gives a running job back to run again: fresh (its own wish, attempts start over) or after an error. For the runner.';

CREATE FUNCTION switchboard_job_letters(most integer)
RETURNS TABLE (id bigint, job text, tenant uuid, attempts integer, last_error text,
               created_at timestamptz, failed_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT job.id, task.identifier, (job.payload ->> 'tenant')::uuid, job.attempts::integer, job.last_error,
           job.created_at, job.updated_at
      FROM graphile_worker._private_jobs AS job
      JOIN graphile_worker._private_tasks AS task ON task.id = job.task_id
     WHERE job.attempts >= job.max_attempts AND job.locked_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM graphile_worker._private_job_retirements AS retired WHERE retired.id = job.id)
     ORDER BY job.updated_at DESC, job.id DESC
     LIMIT most;
END;
$$;
COMMENT ON FUNCTION switchboard_job_letters IS 'Jobs that used up their attempts, newest first.';

CREATE FUNCTION switchboard_retry_letter(letter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE graphile_worker._private_jobs AS job SET attempts = 0, run_at = now(), updated_at = now()
     WHERE job.id = letter AND job.attempts >= job.max_attempts AND job.locked_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM graphile_worker._private_job_retirements AS retired WHERE retired.id = job.id);
    IF FOUND THEN
        PERFORM pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    END IF;
    RETURN FOUND;
END;
$$;
COMMENT ON FUNCTION switchboard_retry_letter IS 'Gives a dead job all its attempts again, from now.';

CREATE FUNCTION switchboard_discard_letter(letter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM graphile_worker._private_jobs AS job
     WHERE job.id = letter AND job.attempts >= job.max_attempts AND job.locked_at IS NULL;
    RETURN FOUND;
END;
$$;
COMMENT ON FUNCTION switchboard_discard_letter IS 'Deletes a dead job.';

CREATE FUNCTION switchboard_job_counts()
RETURNS TABLE (due bigint, later bigint, running bigint, failed bigint, oldest_seconds bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT count(*) FILTER (WHERE job.is_available AND job.run_at <= now()),
           count(*) FILTER (WHERE job.is_available AND job.run_at > now()),
           count(*) FILTER (WHERE job.locked_at IS NOT NULL),
           count(*) FILTER (WHERE job.attempts >= job.max_attempts AND job.locked_at IS NULL AND retired.id IS NULL),
           (extract(epoch FROM now() - min(job.run_at) FILTER (WHERE job.is_available AND job.run_at <= now())))::bigint
      FROM graphile_worker._private_jobs AS job
      LEFT JOIN graphile_worker._private_job_retirements AS retired ON retired.id = job.id;
END;
$$;
COMMENT ON FUNCTION switchboard_job_counts IS 'How full the queue is, and for how many seconds the oldest due job waits.';

REVOKE ALL ON FUNCTION switchboard_enqueue, switchboard_release_job, switchboard_job_letters, switchboard_retry_letter,
    switchboard_discard_letter, switchboard_job_counts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION switchboard_enqueue TO switchboard_app, switchboard_platform;
GRANT EXECUTE ON FUNCTION switchboard_job_letters, switchboard_retry_letter, switchboard_discard_letter,
    switchboard_job_counts TO switchboard_platform;
