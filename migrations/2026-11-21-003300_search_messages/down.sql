DROP FUNCTION switchboard_search_messages(uuid, jsonb, integer);
REVOKE SELECT (tenant_id, conversation_id, label_id) ON conversation_labels FROM switchboard_search;
REVOKE SELECT (tenant_id, conversation_id, user_id) ON mentions FROM switchboard_search;
REVOKE SELECT (tenant_id, team_id, user_id) ON team_members FROM switchboard_search;
REVOKE SELECT (kind, status, assignee_id, team_id) ON conversations FROM switchboard_search;
REVOKE SELECT (tenant_id, id, conversation_id, session_id, direction, is_private, body, message_type, author_id, occurred_at, revoked_at, deleted_at)
    ON messages FROM switchboard_search;
DROP INDEX messages_by_kind, messages_by_time, messages_digits, messages_words;
DROP FUNCTION switchboard_wanted(text[]);
DROP FUNCTION switchboard_digits(text);
DROP FUNCTION switchboard_lexemes(text);
DROP FUNCTION switchboard_plain(text);
