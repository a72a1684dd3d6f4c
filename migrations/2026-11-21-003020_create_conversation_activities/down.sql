DROP TABLE conversation_activities;
DROP TYPE conversation_activity_cause;
DROP TYPE conversation_activity_kind;
