DROP FUNCTION switchboard_team_counts(uuid[]);
DROP INDEX conversations_open_by_priority;
DROP INDEX conversations_open_by_waiting;
