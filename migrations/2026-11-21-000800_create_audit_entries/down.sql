DROP FUNCTION switchboard_actor(integer);
DROP TABLE audit_entries;
