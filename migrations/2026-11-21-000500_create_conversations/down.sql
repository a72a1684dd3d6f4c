DROP TABLE drafts;
DROP TABLE conversation_readers;
DROP FUNCTION switchboard_search_conversations(uuid, text, boolean);
DROP FUNCTION switchboard_queue_counts(uuid, boolean);
DROP TABLE conversations;
DROP TYPE message_status;
DROP TYPE message_direction;
DROP TYPE conversation_status;
DROP TYPE conversation_kind;
