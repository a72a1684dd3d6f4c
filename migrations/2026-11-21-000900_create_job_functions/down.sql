DROP FUNCTION switchboard_job_counts;
DROP FUNCTION switchboard_discard_letter;
DROP FUNCTION switchboard_retry_letter;
DROP FUNCTION switchboard_job_letters;
DROP FUNCTION switchboard_release_job;
DROP FUNCTION switchboard_enqueue;
