DROP FUNCTION switchboard_forget_person(uuid, uuid, uuid[], text[], boolean);
DROP FUNCTION switchboard_forget_messages(uuid, uuid, uuid[], text[]);
DROP FUNCTION switchboard_forget_events(uuid, uuid, text[], uuid, integer);
DROP FUNCTION switchboard_forget_job_errors(uuid, uuid, text[]);
DROP FUNCTION switchboard_forget_log(uuid, uuid, text[], uuid, integer);
DROP FUNCTION switchboard_forget_audited(uuid, uuid, uuid[]);
DROP FUNCTION switchboard_erasing(uuid, uuid);
DROP FUNCTION switchboard_held(uuid, uuid[]);
DROP INDEX messages_of_sender;
