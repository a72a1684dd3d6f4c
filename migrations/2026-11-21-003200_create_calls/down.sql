DROP TABLE call_rules;
DROP TABLE calls;
DROP TYPE call_status;
DROP TYPE call_direction;
