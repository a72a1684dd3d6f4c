DROP FUNCTION switchboard_try;
DROP TABLE tries;
